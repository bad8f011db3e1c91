package io.forebay.cache.change;

import io.forebay.cache.state.CacheKey;
import io.forebay.keys.KeyLimits;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.ReservedKeys;
import java.util.List;

/** Entries of a cache that are outdated together. */
sealed interface Entries {

    /** All of a cache. */
    static Entries all(String cache) {
        return new Matching(CacheKey.all(cache));
    }

    /** The record key of the command that invalidates them. */
    byte[] recordKey();

    /** The command that invalidates them. */
    CacheCommand command();

    /** Whether an entry could be one of them. */
    boolean canExist();

    /** Whether a command may name them, where keys have this length at the most. */
    boolean fits(int keyMaxBytes);

    /** Those whose keys a match meets, namespace included. */
    record Matching(PathMatch match) implements Entries {

        @Override
        public byte[] recordKey() {
            return match.isExact() ? Path.of(match.literalPrefix()).toBytes() : ReservedKeys.partition();
        }

        @Override
        public CacheCommand command() {
            String text = match.toString();
            if (match.isExact()) {
                return new CacheCommand(new InvalidateKeys(List.of(text)));
            }
            return new CacheCommand(new InvalidateMatch(text));
        }

        @Override
        public boolean canExist() {
            return true;
        }

        @Override
        public boolean fits(int keyMaxBytes) {
            return match.toString().length() <= keyMaxBytes;
        }
    }

    /** Those that were filled with a tag. */
    record Tagged(String cache, String tag) implements Entries {

        @Override
        public byte[] recordKey() {
            return ReservedKeys.partition();
        }

        @Override
        public CacheCommand command() {
            return new CacheCommand(new InvalidateTag(cache, tag));
        }

        @Override
        public boolean canExist() {
            return !tag.isEmpty() && tag.length() <= KeyLimits.LONGEST_TAG;
        }

        @Override
        public boolean fits(int keyMaxBytes) {
            return true;
        }
    }
}
