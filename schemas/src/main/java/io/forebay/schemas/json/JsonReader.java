package io.forebay.schemas.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.common.base.Utf8;
import io.forebay.schemas.json.JsonSyntaxException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass of Jackson's streaming parser over UTF-8 bytes that checks everything and notes where the outermost members (or
 * elements) begin and end.
 *
 * <p>The parser checks grammar only. Here is added what makes JSON safe to keep, compare and hand on: strict UTF-8 (the
 * parser lets encoded surrogates through), no U+0000 and no lone surrogates from escapes, no member twice in an object. The
 * parser's own limits are off, and so is its guard against collisions in the shared table of names: what is accepted has to
 * follow from the text alone, since a replay has to decide the same.
 */
final class JsonReader {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Up to this many names of an object are compared one by one, beyond it by hash. */
    private static final int FEW_NAMES = 16;

    /** Stands for JSON null in a tree. */
    private static final Object NULL = new Object();

    private final byte[] source;
    private final int from;
    private final int to;

    JsonReader(byte[] source, int from, int to) {
        this.source = source;
        this.from = from;
        this.to = to;
    }

    /** Names and places of the members of an object. The arrays belong to the caller. */
    static final class Members {

        /** Numbers kept for a member: start and end of its name, quotes included, start and end of its value. */
        static final int STRIDE = 4;

        final String[] names;
        final int[] places;

        Members(String[] names, int[] places) {
            this.names = names;
            this.places = places;
        }
    }

    /**
     * Checks the whole text and finds the members of the object that it is.
     *
     * @throws JsonSyntaxException when a rule is broken
     */
    Members readObject(int maxDepth) {
        if (!Utf8.isWellFormed(source, from, to - from)) {
            throw new JsonSyntaxException(Reason.INVALID_UTF8, "");
        }
        refuseOtherEncodings();
        boolean escapes = holdsBackslash();
        try (JsonParser parser = FACTORY.createParser(source, from, to - from)) {
            try {
                return new Pass(parser, maxDepth, escapes).readObject();
            } catch (JacksonException e) {
                throw new JsonSyntaxException(Reason.INVALID_JSON, pointer(parser));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The places of the elements of an array, start and end of each; the text has been checked before. */
    int[] readElements() {
        try (JsonParser parser = FACTORY.createParser(source, from, to - from)) {
            parser.nextToken();
            int[] places = new int[16];
            int count = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (count == places.length) {
                    places = Arrays.copyOf(places, 2 * count);
                }
                places[count] = start(parser);
                parser.skipChildren();
                places[count + 1] = end(parser);
                count += 2;
            }
            return Arrays.copyOf(places, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a string; it has been checked before. */
    String readText() {
        try (JsonParser parser = FACTORY.createParser(source, from, to - from)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tree whose {@code equals} is equality of JSON values; the text has been checked before. */
    Object readTree() {
        try (JsonParser parser = FACTORY.createParser(source, from, to - from)) {
            parser.nextToken();
            return tree(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object tree(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> objectTree(parser);
            case START_ARRAY -> arrayTree(parser);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonNumber.parse(parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_STRING -> parser.getText();
            default -> NULL;
        };
    }

    private static Map<String, Object> objectTree(JsonParser parser) throws IOException {
        Map<String, Object> members = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, tree(parser));
        }
        return members;
    }

    private static List<Object> arrayTree(JsonParser parser) throws IOException {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(tree(parser));
        }
        return elements;
    }

    /** The parser would take a byte order mark or guess UTF-16 and UTF-32 from zero bytes at the start. */
    private void refuseOtherEncodings() {
        if (to > from && source[from] == (byte) 0xEF) {
            throw new JsonSyntaxException(Reason.INVALID_JSON, "");
        }
        for (int i = from; i < Math.min(to, from + 4); i++) {
            if (source[i] == 0) {
                throw new JsonSyntaxException(Reason.INVALID_JSON, "");
            }
        }
    }

    private boolean holdsBackslash() {
        for (int i = from; i < to; i++) {
            if (source[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private int start(JsonParser parser) {
        return from + (int) parser.currentTokenLocation().getByteOffset();
    }

    private int end(JsonParser parser) throws IOException {
        parser.finishToken();
        return from + (int) parser.currentLocation().getByteOffset();
    }

    private static String pointer(JsonParser parser) {
        return parser.getParsingContext().pathAsPointer().toString();
    }

    /** The checks of one pass and what they remember. */
    private final class Pass {

        private final JsonParser parser;
        private final int maxDepth;
        private final boolean escapes;

        private String[] names = new String[16];
        private int[] places = new int[16 * Members.STRIDE];
        private int count;

        /** Names of every open object below the outermost, the innermost's last. */
        private final List<String> openNames = new ArrayList<>();

        private @Nullable Set<String> manyNames;

        Pass(JsonParser parser, int maxDepth, boolean escapes) {
            this.parser = parser;
            this.maxDepth = maxDepth;
            this.escapes = escapes;
        }

        Members readObject() throws IOException {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new JsonSyntaxException(Reason.INVALID_JSON, "");
            }
            if (first != JsonToken.START_OBJECT) {
                throw notAnObject();
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                checkText(name);
                if (isDuplicate(name)) {
                    throw failure(Reason.DUPLICATE_MEMBER);
                }
                int nameStart = start(parser);
                parser.nextToken();
                int valueStart = start(parser);
                checkValue(1);
                add(name, nameStart, valueStart, end(parser));
            }
            if (parser.nextToken() != null) {
                throw new JsonSyntaxException(Reason.INVALID_JSON, "");
            }
            return new Members(Arrays.copyOf(names, count), Arrays.copyOf(places, count * Members.STRIDE));
        }

        /** Tells text that is no JSON at all from JSON that is no object. */
        private JsonSyntaxException notAnObject() throws IOException {
            checkValue(0);
            boolean ends = parser.nextToken() == null;
            return new JsonSyntaxException(ends ? Reason.NOT_AN_OBJECT : Reason.INVALID_JSON, "");
        }

        private void add(String name, int nameStart, int valueStart, int valueEnd) {
            if (count == names.length) {
                names = Arrays.copyOf(names, 2 * count);
                places = Arrays.copyOf(places, 2 * count * Members.STRIDE);
            }
            names[count] = name;
            int at = count * Members.STRIDE;
            places[at] = nameStart;
            places[at + 1] = nameEnd(nameStart);
            places[at + 2] = valueStart;
            places[at + 3] = valueEnd;
            count++;
        }

        private int nameEnd(int nameStart) {
            int i = nameStart + 1;
            while (source[i] != '"') {
                i += source[i] == '\\' ? 2 : 1;
            }
            return i + 1;
        }

        private boolean isDuplicate(String name) {
            if (count < FEW_NAMES) {
                for (int i = 0; i < count; i++) {
                    if (names[i].equals(name)) {
                        return true;
                    }
                }
                return false;
            }
            if (manyNames == null) {
                manyNames = new HashSet<>(Arrays.asList(names).subList(0, count));
            }
            return !manyNames.add(name);
        }

        private void checkValue(int depth) throws IOException {
            switch (parser.currentToken()) {
                case START_OBJECT -> checkObject(depth + 1);
                case START_ARRAY -> checkArray(depth + 1);
                case VALUE_STRING -> checkString();
                default -> {}
            }
        }

        private void checkString() throws IOException {
            if (escapes) {
                checkText(CharBuffer.wrap(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength()));
            }
        }

        private void checkArray(int depth) throws IOException {
            requireDepth(depth);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                checkValue(depth);
            }
        }

        private void checkObject(int depth) throws IOException {
            requireDepth(depth);
            int mark = openNames.size();
            Set<String> many = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                checkText(name);
                int own = openNames.size() - mark;
                if (many == null && own >= FEW_NAMES) {
                    many = new HashSet<>(openNames.subList(mark, openNames.size()));
                }
                if (many == null ? isAmongOpen(name, mark) : !many.add(name)) {
                    throw failure(Reason.DUPLICATE_MEMBER);
                }
                openNames.add(name);
                parser.nextToken();
                checkValue(depth);
            }
            openNames.subList(mark, openNames.size()).clear();
        }

        private boolean isAmongOpen(String name, int mark) {
            for (int i = mark; i < openNames.size(); i++) {
                if (openNames.get(i).equals(name)) {
                    return true;
                }
            }
            return false;
        }

        private void requireDepth(int depth) {
            if (depth > maxDepth) {
                throw failure(Reason.TOO_DEEP);
            }
        }

        private void checkText(CharSequence text) {
            if (!escapes) {
                return;
            }
            Reason broken = StringRules.broken(text);
            if (broken != null) {
                throw failure(broken);
            }
        }

        private JsonSyntaxException failure(Reason reason) {
            return new JsonSyntaxException(reason, pointer(parser));
        }
    }
}
