package io.forebay.keys;

import io.forebay.command.RefusedException;
import io.forebay.keys.state.StoredKey;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What the members of a command to one partition have to be like. Refuses with a pointer to the member and the rule. */
final class KeyRules {

    private static final int MOST_TAGS = 64;
    private static final int LONGEST_TAG = 256;
    private static final Pattern CONTENT_TYPE = Pattern.compile("[!-~][ -~]{0,254}");

    private final TopicSpec input;
    private final int partition;
    private final KeysConfig config;

    KeyRules(TopicSpec input, int partition, KeysConfig config) {
        this.input = input;
        this.partition = partition;
        this.config = config;
    }

    /** A key of this partition. */
    Path key(String text, String pointer) throws RefusedException {
        Path key;
        try {
            key = Path.parse(text);
        } catch (PathSyntaxException e) {
            throw RefusedException.invalid(pointer, "a canonical path: " + e.getMessage());
        }
        if (key.size() < 2) {
            throw RefusedException.invalid(pointer, "a namespace and at least one part");
        }
        if (text.length() > config.keyMaxBytes()) {
            throw RefusedException.invalid(pointer, "a path of at most " + config.keyMaxBytes() + " characters");
        }
        if (input.partitionFor(key) != partition) {
            throw new RefusedException(
                    400, "wrong_partition", pointer, "a command's keys are on the partition that it is sent to");
        }
        return key;
    }

    /** A match within a namespace that it names. */
    PathMatch match(String text, String pointer) throws RefusedException {
        PathMatch match;
        try {
            match = PathMatch.parse(text);
        } catch (PathSyntaxException e) {
            throw RefusedException.invalid(pointer, "a match: " + e.getMessage());
        }
        if (match.literalPrefix().isEmpty() || (match.elements().size() < 2 && !match.hasRest())) {
            throw RefusedException.invalid(pointer, "a namespace, literally, and what to match below it");
        }
        if (text.length() > config.keyMaxBytes()) {
            throw RefusedException.invalid(pointer, "a match of at most " + config.keyMaxBytes() + " characters");
        }
        return match;
    }

    /** A match whose keys are all on this partition. */
    PathMatch matchHere(String text, String pointer) throws RefusedException {
        PathMatch match = match(text, pointer);
        OptionalInt only = input.partitionFor(match);
        if (only.isEmpty() || only.getAsInt() != partition) {
            throw crossesPartitions(pointer);
        }
        return match;
    }

    static RefusedException crossesPartitions(String pointer) {
        return new RefusedException(
                400,
                "cross_partition_condition",
                pointer,
                "conditions hold within one partition: keep the namespace's keys together (forebay.keys.colocate)");
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
        ByteBuffer value = put.getValue();
        if (value.remaining() > config.valueMaxBytes()) {
            throw new RefusedException(
                    413, "too_large", pointer + "/value", "a value has at most " + config.valueMaxBytes() + " bytes");
        }
        if (!CONTENT_TYPE.matcher(put.getContentType()).matches()) {
            throw RefusedException.invalid(
                    pointer + "/content_type", "a media type of at most 255 printable ASCII characters");
        }
        Long ttl = put.getTtlMs();
        if (ttl != null && ttl < 0) {
            throw RefusedException.invalid(pointer + "/ttl_ms", "0 or greater, or null for never");
        }
        if (ttl == null && put.getSliding()) {
            throw RefusedException.invalid(pointer + "/sliding", "only with a lifetime, ttl_ms");
        }
        List<String> tags = put.getTags();
        boolean tagsAreWell = tags.size() <= MOST_TAGS
                && tags.stream().allMatch(tag -> !tag.isEmpty() && tag.length() <= LONGEST_TAG);
        if (!tagsAreWell) {
            throw RefusedException.invalid(
                    pointer + "/tags", "at most " + MOST_TAGS + " tags of 1 to " + LONGEST_TAG + " characters");
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return new StoredKey(
                version,
                ttl == null ? StoredKey.NEVER : StoredKey.after(logTime, ttl),
                ttl == null ? StoredKey.NEVER : ttl,
                logTime,
                put.getSliding(),
                put.getContentType(),
                tags.stream().distinct().toList(),
                bytes);
    }
}
