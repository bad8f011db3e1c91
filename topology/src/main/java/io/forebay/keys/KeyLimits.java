package io.forebay.keys;

import io.forebay.command.MediaType;
import io.forebay.command.RefusedException;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.util.List;

/**
 * What keys, matches and records have to be like wherever they come from. Refuses with a pointer to the member and the
 * rule, and with nothing of what was given.
 */
public final class KeyLimits {
    private static final int MOST_TAGS = 128;
    /** Characters of the longest tag. */
    public static final int LONGEST_TAG = 256;

    private final KeysConfig config;

    /** The limits that are configured. */
    public KeyLimits(KeysConfig config) {
        this.config = config;
    }

    /** A namespace, not a reserved one, and at least one part, not too long. */
    public Path key(Path key, String pointer) throws RefusedException {
        checkReserved(key.part(0), pointer);
        return anyKey(key, pointer);
    }

    /** As {@link #key}, of any namespace. */
    public Path anyKey(Path key, String pointer) throws RefusedException {
        if (key.size() < 2) {
            throw RefusedException.invalid(pointer, "a namespace and at least one part");
        }
        checkLength(key.toString(), "a path", pointer);
        return key;
    }

    /** A match within a namespace that it names, not a reserved one. */
    public PathMatch match(PathMatch match, String pointer) throws RefusedException {
        anyMatch(match, pointer);
        checkReserved(match.literalPrefix().get(0), pointer);
        return match;
    }

    /** As {@link #match}, of any namespace. */
    public PathMatch anyMatch(PathMatch match, String pointer) throws RefusedException {
        if (match.literalPrefix().isEmpty() || (match.elements().size() < 2 && !match.hasRest())) {
            throw RefusedException.invalid(pointer, "a namespace, literally, and what to match below it");
        }
        checkLength(match.toString(), "a match", pointer);
        return match;
    }

    /** Everything about a record to be stored but its key. */
    public void put(PutKey put, String pointer) throws RefusedException {
        if (put.getValue().remaining() > config.valueMaxBytes()) {
            throw new RefusedException(
                    413, "too_large", pointer + "/value", "a value has at most " + config.valueMaxBytes() + " bytes");
        }
        contentType(put.getContentType(), pointer + "/content_type");
        Long ttl = put.getTtlMs();
        if (ttl != null && ttl < 0) {
            throw RefusedException.invalid(pointer + "/ttl_ms", "0 or greater, or null for never");
        }
        if (ttl == null && put.getSliding()) {
            throw RefusedException.invalid(pointer + "/sliding", "only with a lifetime, ttl_ms");
        }
        tags(put.getTags(), pointer + "/tags");
    }

    /** The tags of one record. */
    public static void tags(List<String> tags, String pointer) throws RefusedException {
        boolean tagsAreWell = tags.size() <= MOST_TAGS
                && tags.stream().allMatch(tag -> !tag.isEmpty() && tag.length() <= LONGEST_TAG);
        if (!tagsAreWell) {
            throw RefusedException.invalid(
                    pointer, "at most " + MOST_TAGS + " tags of 1 to " + LONGEST_TAG + " characters");
        }
    }

    /** A media type that can be given back in a header. */
    public static void contentType(String contentType, String pointer) throws RefusedException {
        if (!MediaType.isValid(contentType)) {
            throw RefusedException.invalid(pointer, MediaType.RULE);
        }
    }

    /** The refusal of what would have to be decided by several partitions at once. */
    public static RefusedException crossesPartitions(String pointer) {
        return new RefusedException(
                400,
                "cross_partition_condition",
                pointer,
                "conditions hold within one partition: keep the namespace's keys together (forebay.keys.colocate)");
    }

    private static void checkReserved(String namespace, String pointer) throws RefusedException {
        if (ReservedNamespaces.contain(namespace)) {
            throw new RefusedException(
                    400,
                    "reserved_namespace",
                    pointer,
                    "a namespace that does not begin with " + ReservedNamespaces.CACHE + ", as those of caches do");
        }
    }

    private void checkLength(String text, String what, String pointer) throws RefusedException {
        if (text.length() > config.keyMaxBytes()) {
            throw RefusedException.invalid(pointer, what + " of at most " + config.keyMaxBytes() + " characters");
        }
    }
}
