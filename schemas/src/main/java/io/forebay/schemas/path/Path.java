package io.forebay.schemas.path;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.forebay.schemas.path.PathSyntaxException.Reason;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A key: one or more parts. Its canonical form joins the parts by {@code /}, each percent-encoded as RFC 3986 says, and is
 * the record key on Kafka (UTF-8), the tail of the HTTP path and the name in logs.
 *
 * <p>There is exactly one canonical form for a list of parts, and {@link #parse(String)} accepts no other: the record key
 * decides the partition, so a second spelling would be a second key. Parts may hold anything that has a UTF-8 form; the
 * empty part is one of them and leaves an empty segment ({@code a//b}; a path of one empty part is the empty text). {@code
 * .} and {@code ..} are parts like others and are never resolved.
 *
 * <p>Order is part by part, by UTF-8 bytes, a path before its extensions. It is not the order of the canonical text, in
 * which {@code %} and {@code /} would take part.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Path implements Comparable<Path> {

    private static final JsonFactory JSON = new JsonFactory();

    private final List<String> parts;
    private final String canonical;

    private Path(List<String> parts, String canonical) {
        this.parts = parts;
        this.canonical = canonical;
    }

    /**
     * The path of these parts, decoded.
     *
     * @throws PathSyntaxException when there is no part, or one has no UTF-8 form
     */
    public static Path of(String... parts) {
        return of(Arrays.asList(parts));
    }

    /**
     * The path of these parts, decoded.
     *
     * @throws PathSyntaxException when there is no part, or one has no UTF-8 form
     */
    public static Path of(List<String> parts) {
        if (parts.isEmpty()) {
            throw new PathSyntaxException(Reason.EMPTY);
        }
        StringBuilder canonical = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                canonical.append('/');
            }
            PercentEncoding.encode(parts.get(i), canonical);
        }
        return new Path(List.copyOf(parts), canonical.toString());
    }

    /**
     * Reads the canonical form.
     *
     * @throws PathSyntaxException when the text is not canonical
     */
    public static Path parse(String canonical) {
        int slash = canonical.indexOf('/');
        if (slash < 0) {
            return new Path(List.of(PercentEncoding.decode(canonical, 0, canonical.length())), canonical);
        }
        List<String> parts = new ArrayList<>(4);
        int from = 0;
        while (slash >= 0) {
            parts.add(PercentEncoding.decode(canonical, from, slash));
            from = slash + 1;
            slash = canonical.indexOf('/', from);
        }
        parts.add(PercentEncoding.decode(canonical, from, canonical.length()));
        return new Path(List.copyOf(parts), canonical);
    }

    /**
     * Reads a record key.
     *
     * @throws PathSyntaxException when the bytes are not the canonical form of a path
     */
    public static Path parse(byte[] recordKey) {
        return parse(PercentEncoding.text(recordKey, recordKey.length));
    }

    /**
     * Reads the JSON form: an array of strings.
     *
     * @throws PathSyntaxException when the text is no such array, is empty, or a part has no UTF-8 form
     */
    public static Path fromJson(String json) {
        List<String> parts = new ArrayList<>(4);
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new PathSyntaxException(Reason.INVALID_JSON);
            }
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
                parts.add(parser.getText());
            }
            if (parser.currentToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
                throw new PathSyntaxException(Reason.INVALID_JSON);
            }
        } catch (JacksonException e) {
            throw new PathSyntaxException(Reason.INVALID_JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(parts);
    }

    /** The parts, decoded; at least one. */
    public List<String> parts() {
        return parts;
    }

    /**
     * One part, decoded.
     *
     * @throws IndexOutOfBoundsException when there is no such part
     */
    public String part(int index) {
        return parts.get(index);
    }

    /** How many parts there are. */
    public int size() {
        return parts.size();
    }

    /** The canonical form in UTF-8: the record key on Kafka. */
    public byte[] toBytes() {
        return canonical.getBytes(StandardCharsets.US_ASCII);
    }

    /** The JSON form: an array of strings. */
    public String toJson() {
        StringWriter json = new StringWriter(canonical.length() + 8);
        try (JsonGenerator generator = JSON.createGenerator(json)) {
            generator.writeStartArray();
            for (String part : parts) {
                generator.writeString(part);
            }
            generator.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return json.toString();
    }

    @Override
    public int compareTo(Path other) {
        int common = Math.min(parts.size(), other.parts.size());
        for (int i = 0; i < common; i++) {
            int order = compareParts(parts.get(i), other.parts.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(parts.size(), other.parts.size());
    }

    /**
     * Compares two parts as their UTF-8 bytes compare, without encoding them: that order is the order of code points, which
     * differs from {@link String#compareTo} where a surrogate meets a character above the surrogates.
     */
    public static int compareParts(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xIsSupplementary = Character.isSurrogate(x);
                return xIsSupplementary == Character.isSurrogate(y)
                        ? Character.compare(x, y)
                        : xIsSupplementary ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Path that && canonical.equals(that.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    /** The canonical form. */
    @Override
    public String toString() {
        return canonical;
    }
}
