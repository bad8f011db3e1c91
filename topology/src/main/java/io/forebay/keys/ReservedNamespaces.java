package io.forebay.keys;

/** Namespaces whose keys belong to what builds on keys: commands to keys and reads of keys do not reach them. */
public final class ReservedNamespaces {

    /** What the namespace of a cache begins with; the cache's name follows. */
    public static final String CACHE = "cache:";

    private ReservedNamespaces() {}

    /** Whether a namespace, decoded, is not for everybody. */
    public static boolean contain(String namespace) {
        return namespace.startsWith(CACHE);
    }
}
