package io.forebay.schemas.position;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * A point in the input: for each topic-partition touched, the offset of the last record covered. A state is at or beyond a
 * position when it has applied every record up to and including those offsets; partitions that are not in the position do
 * not matter.
 *
 * <p>The token is what HTTP hands out and takes back. Clients treat it as opaque; it is base64url without padding of: a
 * version byte, then for each topic in order its name (length, UTF-8), the number of its partitions and for each in order
 * partition and offset. Numbers are variable-length, seven bits a byte, least significant first. One position has one token.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Position {

    private static final byte VERSION = 1;
    private static final int MAX_TOKEN_LENGTH = 64 * 1024;
    private static final int MAX_TOPIC_LENGTH = 249;
    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    /** Ordered like the others: a look-up in a sorted map without an order of its own wants comparable keys. */
    private static final Position EMPTY = new Position(Collections.unmodifiableSortedMap(new TreeMap<>(ORDER)));

    private final SortedMap<TopicPartition, Long> offsets;

    private Position(SortedMap<TopicPartition, Long> offsets) {
        this.offsets = offsets;
    }

    /** The position that everything is at or beyond. */
    public static Position empty() {
        return EMPTY;
    }

    /** The position of one record. */
    public static Position of(TopicPartition partition, long offset) {
        return of(Map.of(partition, offset));
    }

    /** The position of one record. */
    public static Position of(String topic, int partition, long offset) {
        return of(new TopicPartition(topic, partition), offset);
    }

    /**
     * The position of the last record covered on each partition.
     *
     * @throws IllegalArgumentException when an offset or a partition is negative
     */
    public static Position of(Map<TopicPartition, Long> offsets) {
        if (offsets.isEmpty()) {
            return EMPTY;
        }
        SortedMap<TopicPartition, Long> sorted = new TreeMap<>(ORDER);
        offsets.forEach((partition, offset) -> {
            if (partition.partition() < 0 || offset < 0) {
                throw new IllegalArgumentException("partitions and offsets are not negative");
            }
            sorted.put(partition, offset);
        });
        return new Position(Collections.unmodifiableSortedMap(sorted));
    }

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException when the text is not a token that {@link #token()} has made
     */
    public static Position parse(String token) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            throw notAToken();
        }
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>(ORDER);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            if (bytes.get() != VERSION) {
                throw notAToken();
            }
            while (bytes.hasRemaining()) {
                String topic = readTopic(bytes);
                long partitions = readNumber(bytes);
                for (long i = 0; i < partitions; i++) {
                    offsets.put(new TopicPartition(topic, Math.toIntExact(readNumber(bytes))), readNumber(bytes));
                }
            }
        } catch (IllegalArgumentException
                | BufferUnderflowException
                | ArithmeticException
                | CharacterCodingException e) {
            throw notAToken();
        }
        Position position = offsets.isEmpty() ? EMPTY : new Position(Collections.unmodifiableSortedMap(offsets));
        if (!position.token().equals(token)) {
            throw notAToken();
        }
        return position;
    }

    private static IllegalArgumentException notAToken() {
        return new IllegalArgumentException("not a position token");
    }

    /** The token of this position. */
    public String token() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        bytes.write(VERSION);
        Map<String, SortedMap<Integer, Long>> byTopic = new LinkedHashMap<>();
        offsets.forEach((partition, offset) -> byTopic.computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), offset));
        byTopic.forEach((topic, partitions) -> {
            byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            writeNumber(name.length, bytes);
            bytes.writeBytes(name);
            writeNumber(partitions.size(), bytes);
            partitions.forEach((partition, offset) -> {
                writeNumber(partition, bytes);
                writeNumber(offset, bytes);
            });
        });
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static String readTopic(ByteBuffer bytes) throws CharacterCodingException {
        long length = readNumber(bytes);
        if (length == 0 || length > MAX_TOPIC_LENGTH || length > bytes.remaining()) {
            throw notAToken();
        }
        byte[] name = new byte[(int) length];
        bytes.get(name);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    }

    private static long readNumber(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            byte b = bytes.get();
            number |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return number;
            }
        }
        throw notAToken();
    }

    private static void writeNumber(long number, ByteArrayOutputStream to) {
        long rest = number;
        while (rest > 0x7F) {
            to.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    /** The offset of the last record covered on a partition; empty when the partition does not matter. */
    public OptionalLong offset(TopicPartition partition) {
        Long offset = offsets.get(partition);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** The part of this position that concerns one topic. */
    public Position ofTopic(String topic) {
        SortedMap<TopicPartition, Long> part = new TreeMap<>(ORDER);
        offsets.forEach((partition, offset) -> {
            if (partition.topic().equals(topic)) {
                part.put(partition, offset);
            }
        });
        return part.size() == offsets.size() ? this : of(part);
    }

    /** The least position that is at or beyond both: the greater offset of each partition. */
    public Position merge(Position other) {
        if (offsets.isEmpty()) {
            return other;
        }
        if (other.offsets.isEmpty()) {
            return this;
        }
        SortedMap<TopicPartition, Long> merged = new TreeMap<>(offsets);
        other.offsets.forEach((partition, offset) -> merged.merge(partition, offset, Math::max));
        return new Position(Collections.unmodifiableSortedMap(merged));
    }

    /** Offsets of the last records covered, by topic and partition in order. Unmodifiable. */
    public SortedMap<TopicPartition, Long> offsets() {
        return offsets;
    }

    /** Whether everything is at or beyond this position. */
    public boolean isEmpty() {
        return offsets.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position that && offsets.equals(that.offsets);
    }

    @Override
    public int hashCode() {
        return offsets.hashCode();
    }

    @Override
    public String toString() {
        return offsets.toString();
    }
}
