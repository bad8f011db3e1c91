package io.forebay.cache;

import io.forebay.cache.state.CacheKey;
import io.forebay.command.RefusedException;
import io.forebay.keys.KeyLimits;
import io.forebay.keys.KeysConfig;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What commands to caches have to be like wherever they come from. Refuses with a pointer to the member and the rule, and
 * with nothing of what was given.
 */
public final class CacheRules {

    /** The longest time for which a lease may be given. */
    public static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    private static final int LONGEST_CALLER = 256;

    private final KeyLimits limits;

    /** The rules under the limits of keys. */
    public CacheRules(KeysConfig config) {
        this.limits = new KeyLimits(config);
    }

    /** An entry's key. */
    public Path key(Path key, String pointer) throws RefusedException {
        checkNamespace(key.part(0), pointer);
        return limits.anyKey(key, pointer);
    }

    Path key(String text, String pointer) throws RefusedException {
        try {
            return key(Path.parse(text), pointer);
        } catch (PathSyntaxException e) {
            throw RefusedException.invalid(pointer, "a canonical path: " + e.getMessage());
        }
    }

    /** A match within one cache. */
    public PathMatch match(PathMatch match, String pointer) throws RefusedException {
        limits.anyMatch(match, pointer);
        checkNamespace(match.literalPrefix().get(0), pointer);
        return match;
    }

    PathMatch match(String text, String pointer) throws RefusedException {
        try {
            return match(PathMatch.parse(text), pointer);
        } catch (PathSyntaxException e) {
            throw RefusedException.invalid(pointer, "a match: " + e.getMessage());
        }
    }

    /** How old an entry may be. */
    public static void lifetime(@Nullable Long lifetime, String pointer) throws RefusedException {
        if (lifetime != null && lifetime < 0) {
            throw RefusedException.invalid(pointer, "whole seconds, 0 or greater, or none for any age");
        }
    }

    static void lease(long lease, String pointer) throws RefusedException {
        if (lease < 1 || lease > LONGEST_LEASE.toMillis()) {
            throw RefusedException.invalid(pointer, "1 to " + LONGEST_LEASE.toMillis() + " ms");
        }
    }

    static long stale(@Nullable Long staleFor, String pointer) throws RefusedException {
        if (staleFor != null && staleFor < 0) {
            throw RefusedException.invalid(pointer, "0 or more ms, or none");
        }
        return staleFor == null ? 0 : staleFor;
    }

    static String caller(@Nullable String caller, String pointer) throws RefusedException {
        if (caller != null && caller.length() > LONGEST_CALLER) {
            throw RefusedException.invalid(pointer, "at most " + LONGEST_CALLER + " characters");
        }
        return caller == null ? "" : caller;
    }

    /** A tag. */
    public static void tag(String tag, String pointer) throws RefusedException {
        if (tag.isEmpty() || tag.length() > KeyLimits.LONGEST_TAG) {
            throw RefusedException.invalid(pointer, "1 to " + KeyLimits.LONGEST_TAG + " characters");
        }
    }

    /** The name of a cache. */
    static void cache(String cache, String pointer) throws RefusedException {
        checkNamespace(CacheKey.namespace(cache), pointer);
    }

    /** What an entry is filled with. */
    public void fill(FillEntry fill, String pointer) throws RefusedException {
        limits.put(
                PutKey.newBuilder()
                        .setKey("")
                        .setValue(fill.getValue())
                        .setContentType(fill.getContentType())
                        .setTags(fill.getTags())
                        .build(),
                pointer);
    }

    private static void checkNamespace(String namespace, String pointer) throws RefusedException {
        if (!CacheKey.isCache(namespace)) {
            throw RefusedException.invalid(pointer, "within the namespace of a cache: cache: and the cache's name");
        }
    }
}
