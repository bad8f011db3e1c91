package io.forebay.schemas.json;

import io.forebay.schemas.json.JsonReader.Members;
import io.forebay.schemas.json.JsonSyntaxException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object kept to the letter: unknown members, the spelling of numbers and escapes, the order of members, null as
 * distinct from absent. Space before and after the object is not part of it. It is read in one pass that checks the whole text and notes where the outermost members are; no tree
 * is built, and members are slices of the text.
 *
 * <p>Accepted is what RFC 8259 calls an object, in UTF-8, less what cannot be stored, compared or handed on without loss:
 * see {@link JsonSyntaxException.Reason}.
 *
 * <p>Objects made by {@link #with} and {@link #merge} join the slices anew: only space between the outermost members is
 * lost.
 *
 * <p>Immutable and safe for use by many threads. {@code equals} compares spelling; {@link #sameValue} compares values.
 */
public final class JsonObject {

    private static final JsonLimits UNLIMITED = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);

    private final byte[] source;
    private final String[] names;
    private final int[] places;

    private JsonObject(byte[] source, Members members) {
        this(source, members.names, members.places);
    }

    private JsonObject(byte[] source, String[] names, int[] places) {
        this.source = source;
        this.names = names;
        this.places = places;
    }

    /** A member of an object. */
    public record Member(String name, JsonValue value) {}

    /**
     * Reads an object.
     *
     * @param utf8 the text; it is kept where possible, not copied, and must not be changed afterwards
     * @throws JsonSyntaxException when the text is not accepted
     */
    public static JsonObject parse(byte[] utf8, JsonLimits limits) {
        if (utf8.length > limits.maxBytes()) {
            throw new JsonSyntaxException(Reason.TOO_LARGE, "");
        }
        byte[] text = trimmed(utf8);
        return new JsonObject(text, new JsonReader(text, 0, text.length).readObject(limits.maxDepth()));
    }

    /**
     * Reads an object within the default limits.
     *
     * @throws JsonSyntaxException when the text is not accepted
     */
    public static JsonObject parse(String text) {
        return parse(text, JsonLimits.defaults());
    }

    /**
     * Reads an object.
     *
     * @throws JsonSyntaxException when the text is not accepted
     */
    public static JsonObject parse(String text, JsonLimits limits) {
        if (text.length() > limits.maxBytes()) {
            throw new JsonSyntaxException(Reason.TOO_LARGE, "");
        }
        return parse(utf8(text), limits);
    }

    private static byte[] utf8(String text) {
        // An encoder that puts question marks for lone surrogates would change the text in silence.
        if (StringRules.broken(text) == Reason.LONE_SURROGATE) {
            throw new JsonSyntaxException(Reason.LONE_SURROGATE, "");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] trimmed(byte[] utf8) {
        int from = 0;
        int to = utf8.length;
        while (from < to && isSpace(utf8[from])) {
            from++;
        }
        while (to > from && isSpace(utf8[to - 1])) {
            to--;
        }
        return to - from == utf8.length ? utf8 : Arrays.copyOfRange(utf8, from, to);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** An object from text that has been checked as part of a larger one, or was written here. */
    static JsonObject checked(byte[] utf8) {
        return parse(utf8, UNLIMITED);
    }

    /** The text in UTF-8, as received. Not a copy: it must not be changed. */
    public byte[] bytes() {
        return source;
    }

    /** The text, as received. */
    public String text() {
        return new String(source, StandardCharsets.UTF_8);
    }

    /** How long the text is in UTF-8, in bytes. */
    public int length() {
        return source.length;
    }

    /** The members in order. A view. */
    public List<Member> members() {
        return new AbstractList<>() {
            @Override
            public Member get(int index) {
                return new Member(names[index], value(index));
            }

            @Override
            public int size() {
                return names.length;
            }
        };
    }

    /** The value of a member; null when there is no such member. */
    public @Nullable JsonValue member(String name) {
        int index = indexOf(name);
        return index < 0 ? null : value(index);
    }

    /** Whether there is a member of this name, null or not. */
    public boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /**
     * This object with a member set: in its place when it is there, else at the end.
     *
     * @throws JsonSyntaxException when the name is new and holds U+0000 or a lone surrogate
     */
    public JsonObject with(String name, JsonValue value) {
        Joiner joiner = new Joiner(source.length + value.length() + name.length() + 4, names.length + 1);
        boolean there = false;
        for (int i = 0; i < names.length; i++) {
            boolean set = names[i].equals(name);
            there |= set;
            joiner.add(this, i, set ? value : value(i));
        }
        if (!there) {
            joiner.add(name, JsonWriter.string(name), value);
        }
        return joiner.join();
    }

    /** This object without a member. */
    public JsonObject without(String name) {
        if (!has(name)) {
            return this;
        }
        Joiner joiner = new Joiner(source.length, names.length);
        for (int i = 0; i < names.length; i++) {
            if (!names[i].equals(name)) {
                joiner.add(this, i, value(i));
            }
        }
        return joiner.join();
    }

    /** This object with only the members whose names are accepted, in their order. */
    public JsonObject only(Predicate<String> accepted) {
        Joiner joiner = new Joiner(source.length, names.length);
        for (int i = 0; i < names.length; i++) {
            if (accepted.test(names[i])) {
                joiner.add(this, i, value(i));
            }
        }
        return joiner.count == names.length ? this : joiner.join();
    }

    /**
     * The shallow merge: members of the update replace those of this object in place, new ones follow in the update's order,
     * null is a value like others.
     */
    public JsonObject merge(JsonObject update) {
        Joiner joiner = new Joiner(source.length + update.source.length, names.length + update.names.length);
        UpdateIndex index = new UpdateIndex(update.names);
        for (int i = 0; i < names.length; i++) {
            int inUpdate = index.take(names[i]);
            joiner.add(this, i, inUpdate < 0 ? value(i) : update.value(inUpdate));
        }
        for (int i = 0; i < update.names.length; i++) {
            if (!index.isTaken(i)) {
                joiner.add(update, i, update.value(i));
            }
        }
        return joiner.join();
    }

    /** Whether a member is the same in both: absent in both, or present in both with the same value. */
    public boolean sameMember(JsonObject other, String name) {
        int mine = indexOf(name);
        int theirs = other.indexOf(name);
        if (mine < 0 || theirs < 0) {
            return mine < 0 && theirs < 0;
        }
        int a = mine * Members.STRIDE;
        int b = theirs * Members.STRIDE;
        return Arrays.equals(
                        source, places[a + 2], places[a + 3], other.source, other.places[b + 2], other.places[b + 3])
                || value(mine).sameValue(other.value(theirs));
    }

    /** Whether both are the same value; see {@link JsonValue#sameValue}. */
    public boolean sameValue(JsonObject other) {
        return JsonValue.of(this).sameValue(JsonValue.of(other));
    }

    private JsonValue value(int index) {
        int at = index * Members.STRIDE;
        return new JsonValue(source, places[at + 2], places[at + 3]);
    }

    private int indexOf(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonObject that && Arrays.equals(source, that.source);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(source);
    }

    /** The size only: values stay out of logs. */
    @Override
    public String toString() {
        return "JsonObject[" + source.length + " bytes]";
    }

    /** Finds the members of an update by name; in a map once there are many. */
    private static final class UpdateIndex {

        private static final int FEW = 16;

        private final String[] names;
        private final boolean[] taken;
        private final @Nullable Map<String, Integer> byName;

        UpdateIndex(String[] names) {
            this.names = names;
            this.taken = new boolean[names.length];
            if (names.length <= FEW) {
                this.byName = null;
            } else {
                Map<String, Integer> map = new HashMap<>();
                for (int i = 0; i < names.length; i++) {
                    map.put(names[i], i);
                }
                this.byName = map;
            }
        }

        int take(String name) {
            int index = find(name);
            if (index >= 0) {
                taken[index] = true;
            }
            return index;
        }

        boolean isTaken(int index) {
            return taken[index];
        }

        private int find(String name) {
            if (byName != null) {
                return byName.getOrDefault(name, -1);
            }
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(name)) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** Writes members one after the other and notes their places. */
    private static final class Joiner {

        private final JsonWriter writer;
        private String[] names;
        private int[] places;
        private int count;

        Joiner(int expectedLength, int greatestCount) {
            this.writer = new JsonWriter(expectedLength);
            this.names = new String[greatestCount];
            this.places = new int[greatestCount * Members.STRIDE];
            writer.write('{');
        }

        void add(JsonObject from, int index, JsonValue value) {
            int at = index * Members.STRIDE;
            add(from.names[index], from.source, from.places[at], from.places[at + 1], value);
        }

        void add(String name, byte[] rawName, JsonValue value) {
            add(name, rawName, 0, rawName.length, value);
        }

        private void add(String name, byte[] nameSource, int nameFrom, int nameTo, JsonValue value) {
            if (count > 0) {
                writer.write(',');
            }
            int at = count * Members.STRIDE;
            names[count] = name;
            places[at] = writer.length();
            writer.write(nameSource, nameFrom, nameTo);
            places[at + 1] = writer.length();
            writer.write(':');
            places[at + 2] = writer.length();
            value.writeTo(writer);
            places[at + 3] = writer.length();
            count++;
        }

        JsonObject join() {
            writer.write('}');
            if (count < names.length) {
                names = Arrays.copyOf(names, count);
                places = Arrays.copyOf(places, count * Members.STRIDE);
            }
            return new JsonObject(writer.toBytes(), names, places);
        }
    }
}
