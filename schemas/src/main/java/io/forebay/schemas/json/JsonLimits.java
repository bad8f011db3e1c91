package io.forebay.schemas.json;

/**
 * How much JSON is accepted.
 *
 * @param maxBytes greatest size of the whole text in UTF-8, in bytes; at least 2
 * @param maxDepth how deep objects and arrays may nest, the outermost counting as 1; 1 to 1000
 */
public record JsonLimits(int maxBytes, int maxDepth) {

    public static final int DEFAULT_MAX_BYTES = 1024 * 1024;
    public static final int DEFAULT_MAX_DEPTH = 64;

    /** Comparison recurses, so depth is bounded by the thread's stack. */
    public static final int GREATEST_MAX_DEPTH = 1000;

    public JsonLimits {
        if (maxBytes < 2) {
            throw new IllegalArgumentException("the smallest JSON object has 2 bytes");
        }
        if (maxDepth < 1 || maxDepth > GREATEST_MAX_DEPTH) {
            throw new IllegalArgumentException("depth is 1 to " + GREATEST_MAX_DEPTH);
        }
    }

    /** 1 MiB and 64 levels. */
    public static JsonLimits defaults() {
        return new JsonLimits(DEFAULT_MAX_BYTES, DEFAULT_MAX_DEPTH);
    }

    /** These limits with another size. */
    public JsonLimits withMaxBytes(int bytes) {
        return new JsonLimits(bytes, maxDepth);
    }
}
