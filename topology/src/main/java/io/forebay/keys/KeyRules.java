package io.forebay.keys;

import io.forebay.command.RefusedException;
import io.forebay.keys.state.StoredKey;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import io.forebay.schemas.topic.KeyPlacement;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** What the members of a command to one partition have to be like, beyond the {@link KeyLimits} that hold anywhere. */
final class KeyRules {

    private final KeyPlacement placement;
    private final int partitions;
    private final int partition;
    private final KeysConfig config;
    private final KeyLimits limits;

    KeyRules(KeyPlacement placement, int partitions, int partition, KeysConfig config) {
        this.placement = placement;
        this.partitions = partitions;
        this.partition = partition;
        this.config = config;
        this.limits = new KeyLimits(config);
    }

    /** A key of this partition that is within the limits. */
    Path key(String text, String pointer) throws RefusedException {
        return limits.key(keyHere(text, pointer), pointer);
    }

    /** A path of this partition, whatever the limits were when it was stored. */
    Path keyHere(String text, String pointer) throws RefusedException {
        Path key;
        try {
            key = Path.parse(text);
        } catch (PathSyntaxException e) {
            throw RefusedException.invalid(pointer, "a canonical path: " + e.getMessage());
        }
        if (placement.partition(key.toBytes(), partitions) != partition) {
            throw new RefusedException(
                    400, "wrong_partition", pointer, "a command's keys are on the partition that it is sent to");
        }
        return key;
    }

    /** A match within a namespace that it names. */
    PathMatch match(String text, String pointer) throws RefusedException {
        try {
            return limits.match(PathMatch.parse(text), pointer);
        } catch (PathSyntaxException e) {
            throw RefusedException.invalid(pointer, "a match: " + e.getMessage());
        }
    }

    /** A match whose keys are all on this partition. */
    PathMatch matchHere(String text, String pointer) throws RefusedException {
        PathMatch match = match(text, pointer);
        OptionalInt only = placement.partition(match, partitions);
        if (only.isEmpty() || only.getAsInt() != partition) {
            throw KeyLimits.crossesPartitions(pointer);
        }
        return match;
    }

    static void namespace(Path key, String namespace, String pointer) throws RefusedException {
        if (!key.part(0).equals(namespace)) {
            throw RefusedException.invalid(pointer, "in the namespace of the record key");
        }
    }

    void count(int count, String pointer) throws RefusedException {
        if (count > config.batchMaxCount()) {
            throw new RefusedException(
                    413, "too_large", pointer, "a command has at most " + config.batchMaxCount() + " keys");
        }
    }

    /** The record that a put asks for. */
    StoredKey record(PutKey put, long version, long logTime, String pointer) throws RefusedException {
        limits.put(put, pointer);
        Long ttl = put.getTtlMs();
        ByteBuffer value = put.getValue().duplicate();
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return new StoredKey(
                version,
                ttl == null ? StoredKey.NEVER : StoredKey.after(logTime, ttl),
                ttl == null ? StoredKey.NEVER : ttl,
                logTime,
                put.getSliding(),
                put.getContentType(),
                put.getTags().stream().distinct().toList(),
                bytes);
    }
}
