package io.forebay.stream;

import io.forebay.stream.Floors.Range;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A message's id: what a reader has, told so that any instance can go on from there.
 *
 * <p>It carries the next sync offset to scan of each partition and the floors of the snapshot, because changes that the snapshot has shown may still be
 * to come when the reader leaves. In the middle of a snapshot there is nothing to go on from; the token says so. Written as base64url of a version
 * byte, the fields and a checksum: a token is not a secret, the checksum keeps typing and cutting errors from being read as offsets.
 *
 * @param syncTopic the topic the offsets are of
 * @param complete whether a reader that got this message can go on from it: it has the whole snapshot, or one of a log up to somewhere
 * @param lanes the state of each partition, all of the stream's
 */
record StreamToken(String syncTopic, boolean complete, SortedMap<Integer, Lane> lanes) {

    private static final int VERSION = 1;
    private static final int MAX_LENGTH = 1 << 16;
    private static final int CHECKSUM_BYTES = Integer.BYTES;

    StreamToken {
        lanes = new TreeMap<>(lanes);
    }

    static StreamToken incomplete(String syncTopic) {
        return new StreamToken(syncTopic, false, new TreeMap<>());
    }

    /**
     * @param next the next sync offset to scan
     * @param floors what the snapshot has told of this partition
     */
    record Lane(long next, List<Range> floors) {

        private static final long UNPLACED = -1;

        /** Whoever was told some of a log, and has no place in the sync partition yet. */
        static Lane unplaced(Floors told) {
            return new Lane(UNPLACED, told.ranges());
        }

        /** Whether the place is to be found by what is told. */
        boolean isUnplaced() {
            return next == UNPLACED;
        }
    }

    String text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeBoolean(complete);
            out.writeUTF(syncTopic);
            out.writeShort(lanes.size());
            for (var lane : lanes.entrySet()) {
                out.writeInt(lane.getKey());
                out.writeLong(lane.getValue().next());
                out.writeByte(lane.getValue().floors().size());
                for (Range range : lane.getValue().floors()) {
                    byte[] lastKey = range.lastKey();
                    out.writeShort(lastKey == null ? -1 : lastKey.length);
                    out.write(lastKey == null ? new byte[0] : lastKey);
                    out.writeLong(range.position());
                }
            }
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /**
     * Reads a token.
     *
     * @return the token, null if another version of the program wrote it
     * @throws IllegalArgumentException if it is not a token
     */
    static @Nullable StreamToken parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a stream id is not longer than " + MAX_LENGTH + " characters");
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a stream id", e);
        }
        int length = bytes.length - CHECKSUM_BYTES;
        if (length < 1) {
            throw new IllegalArgumentException("not a stream id");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.skipNBytes(length);
            if (in.readInt() != checksum(bytes, length)) {
                throw new IllegalArgumentException("not a stream id");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a stream id", e);
        }
        if (bytes[0] != VERSION) {
            return null;
        }
        return read(Arrays.copyOfRange(bytes, 1, length));
    }

    private static StreamToken read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            boolean complete = in.readBoolean();
            String topic = in.readUTF();
            SortedMap<Integer, Lane> lanes = new TreeMap<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                int partition = in.readInt();
                long next = in.readLong();
                List<Range> floors = new ArrayList<>();
                for (int ranges = in.readUnsignedByte(); ranges > 0; ranges--) {
                    short keyLength = in.readShort();
                    byte[] lastKey = keyLength < 0 ? null : in.readNBytes(keyLength);
                    floors.add(new Range(lastKey, in.readLong()));
                }
                lanes.put(partition, new Lane(next, floors));
            }
            if (in.available() > 0) {
                throw new IllegalArgumentException("not a stream id");
            }
            return new StreamToken(topic, complete, lanes);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a stream id", e);
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
