package io.forebay.cache.state;

import io.forebay.keys.ReservedNamespaces;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.util.ArrayList;
import java.util.List;

/** The keys of a cache's entries: the cache's namespace, then the parts that the cache's user chose. */
public final class CacheKey {

    private CacheKey() {}

    /** The namespace of a cache, decoded. */
    public static String namespace(String cache) {
        return ReservedNamespaces.CACHE + cache;
    }

    /** The cache that a namespace is of. */
    public static String cache(String namespace) {
        return namespace.substring(ReservedNamespaces.CACHE.length());
    }

    /** Key of an entry. */
    public static Path of(String cache, List<String> parts) {
        List<String> all = new ArrayList<>(parts.size() + 1);
        all.add(namespace(cache));
        all.addAll(parts);
        return Path.of(all);
    }

    /** What every entry of a cache meets. */
    public static PathMatch all(String cache) {
        return PathMatch.below(Path.of(namespace(cache)));
    }

    /** Whether a namespace is that of a cache with a name. */
    public static boolean isCache(String namespace) {
        return namespace.startsWith(ReservedNamespaces.CACHE) && namespace.length() > ReservedNamespaces.CACHE.length();
    }
}
