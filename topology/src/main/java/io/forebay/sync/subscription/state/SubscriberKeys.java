package io.forebay.sync.subscription.state;

import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.path.Path;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Keys of the store of subscribers. Each starts with a tag; texts in them are canonical paths and other texts of ASCII, which hold no zero, and end
 * with one where something follows.
 */
final class SubscriberKeys {

    static final byte NODE = 0x10;
    static final byte MEMBER = 0x11;
    static final byte KNOWN = 0x12;
    static final byte HEAD = 0x13;
    static final byte PERMIT = 0x14;
    static final byte TRUNCATED = 0x15;
    static final byte TOLD_TRUNCATED = 0x16;
    static final byte WATCHERS = 0x17;
    static final byte HELD = 0x18;
    static final byte WHOLE = 0x19;
    static final byte ARRIVED = 0x1a;
    static final byte SENT = 0x1b;
    static final byte MODEL = 0x1c;
    static final byte REVIEW = 0x1d;
    static final byte REVIEWED = 0x1e;
    static final byte NEXT_MODEL = 0x1f;

    /** Tag of the index of subscribers by when a lease may end. */
    static final byte DUE = 0x20;
    /** Tag of the index of nodes by their place. */
    static final byte AT = 0x21;
    /** Tag of the index of members by their record. */
    static final byte OF = 0x22;

    /** Each has its place in the list for a byte. */
    private static final List<PlaceKind> KINDS =
            List.of(PlaceKind.other, PlaceKind.record, PlaceKind.column, PlaceKind.table);

    private static final byte END = 0;

    private SubscriberKeys() {}

    static byte[] node(String subscriber, NodeKey node) {
        return start(NODE, subscriber).kind(node.kind()).text(node.place()).toBytes();
    }

    static byte[] nodesOf(String subscriber) {
        return start(NODE, subscriber).toBytes();
    }

    static byte[] model() {
        return space(MODEL);
    }

    static byte[] nextModel(long version) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(NEXT_MODEL)
                .putLong(version)
                .array();
    }

    static byte[] review() {
        return space(REVIEW);
    }

    static byte[] reviewed(String subscriber) {
        return start(REVIEWED, subscriber).toBytes();
    }

    /** Where the nodes of those are who come after a subscriber. */
    static byte[] nodesAfter(String subscriber) {
        byte[] nodes = nodesOf(subscriber);
        nodes[nodes.length - 1] = END + 1;
        return nodes;
    }

    static byte[] members(String subscriber, NodeKey node, String permit) {
        return start(MEMBER, subscriber)
                .kind(node.kind())
                .text(node.place())
                .text(permit)
                .toBytes();
    }

    static byte[] member(String subscriber, NodeKey node, String permit, String record) {
        return start(MEMBER, subscriber)
                .kind(node.kind())
                .text(node.place())
                .text(permit)
                .text(record)
                .toBytes();
    }

    static byte[] membersOf(String subscriber) {
        return start(MEMBER, subscriber).toBytes();
    }

    /** The beginning of the keys of all members at places of one kind of a table. */
    static byte[] membersOf(String subscriber, PlaceKind kind, String table) {
        String name = Path.of(table).toString();
        KeyBytes start = start(MEMBER, subscriber).kind(kind);
        return (kind == PlaceKind.table ? start.text(name) : start.open(name + "/")).toBytes();
    }

    static byte[] known(String subscriber, String record) {
        return start(KNOWN, subscriber).text(record).toBytes();
    }

    static byte[] knownOf(String subscriber) {
        return start(KNOWN, subscriber).toBytes();
    }

    static byte[] head(String subscriber) {
        return start(HEAD, subscriber).toBytes();
    }

    static byte[] permit(String subscriber, String permit) {
        return start(PERMIT, subscriber).text(permit).toBytes();
    }

    static byte[] permitsOf(String subscriber) {
        return start(PERMIT, subscriber).toBytes();
    }

    static byte[] truncated(String table, int partition, String source) {
        return start(TRUNCATED, Path.of(table).toString())
                .number(partition)
                .text(source)
                .toBytes();
    }

    static byte[] toldTruncated(String subscriber, String table, int partition) {
        return start(TOLD_TRUNCATED, subscriber)
                .text(Path.of(table).toString())
                .number(partition)
                .toBytes();
    }

    static byte[] toldTruncatedOf(String subscriber) {
        return start(TOLD_TRUNCATED, subscriber).toBytes();
    }

    static byte[] watchers() {
        return space(WATCHERS);
    }

    static byte[] held(long offset) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(HELD).putLong(offset).array();
    }

    static long offsetOf(byte[] heldKey) {
        return ByteBuffer.wrap(heldKey).getLong(1);
    }

    static byte[] due(long time, byte[] headKey) {
        return ByteBuffer.allocate(1 + Long.BYTES + headKey.length)
                .put(DUE)
                .putLong(time)
                .put(headKey)
                .array();
    }

    static long timeOf(byte[] dueKey) {
        return ByteBuffer.wrap(dueKey).getLong(1);
    }

    static String subscriberOfDue(byte[] dueKey) {
        return new Parts(Arrays.copyOfRange(dueKey, 1 + Long.BYTES, dueKey.length)).text();
    }

    /** The index entry of a node; the beginning of those of a place with the subscriber left out. */
    static byte[] at(NodeKey node, String subscriber) {
        return new KeyBytes(AT)
                .kind(node.kind())
                .text(node.place())
                .text(subscriber)
                .toBytes();
    }

    static byte[] at(NodeKey node) {
        return new KeyBytes(AT).kind(node.kind()).text(node.place()).toBytes();
    }

    static byte[] of(String record) {
        return new KeyBytes(OF).text(record).toBytes();
    }

    /** Behind all index entries of a record's members of a subscriber. */
    static byte[] ofBehind(String record, String subscriber) {
        return new KeyBytes(OF).text(record).open(subscriber).behind().toBytes();
    }

    static byte[] of(String record, String subscriber, NodeKey node, String permit) {
        return new KeyBytes(OF)
                .text(record)
                .text(subscriber)
                .kind(node.kind())
                .text(node.place())
                .text(permit)
                .toBytes();
    }

    static byte[] space(byte tag) {
        return new byte[] {tag};
    }

    private static KeyBytes start(byte tag, String subscriber) {
        return new KeyBytes(tag).text(subscriber);
    }

    /** A key in the making. */
    private static final class KeyBytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

        KeyBytes(byte tag) {
            bytes.write(tag);
        }

        KeyBytes text(String text) {
            open(text);
            bytes.write(END);
            return this;
        }

        KeyBytes open(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        /** Ends a text so that the key is behind all those that have it. */
        KeyBytes behind() {
            bytes.write(END + 1);
            return this;
        }

        KeyBytes kind(PlaceKind kind) {
            bytes.write(KINDS.indexOf(kind));
            return this;
        }

        KeyBytes number(int number) {
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
            return this;
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }

    /** A key being read, behind its tag. */
    static final class Parts {
        private final byte[] key;
        private int at = 1;

        Parts(byte[] key) {
            this.key = key;
        }

        String text() {
            int from = at;
            while (key[at] != END) {
                at++;
            }
            return new String(key, from, at++ - from, StandardCharsets.US_ASCII);
        }

        NodeKey node() {
            PlaceKind kind = KINDS.get(key[at++]);
            return new NodeKey(kind, text());
        }

        int number() {
            return ByteBuffer.wrap(key).getInt(at);
        }
    }
}
