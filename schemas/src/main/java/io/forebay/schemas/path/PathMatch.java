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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern over paths: literal parts, {@code *} for any one part (an empty one too) and, in the last place only, {@code
 * **} for any further parts, none or more. Without {@code **} a path matches only when it has as many parts as the match.
 * Literal parts are percent-encoded, so a part that is really {@code *} is written {@code %2A}.
 *
 * <p>The JSON form is an array of strings, <code>{"any":true}</code> and <code>{"rest":true}</code>; it can express every
 * match, also one whose parts do not survive an HTTP client.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class PathMatch {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String ANY = "*";
    private static final String REST = "**";

    /** A null element is any one part. */
    private final List<@Nullable String> elements;

    private final boolean rest;
    private final List<String> literalPrefix;

    private PathMatch(List<@Nullable String> elements, boolean rest) {
        this.elements = elements;
        this.rest = rest;
        List<String> prefix = new ArrayList<>();
        for (String element : elements) {
            if (element == null) {
                break;
            }
            prefix.add(element);
        }
        this.literalPrefix = List.copyOf(prefix);
    }

    /** The match that only this path meets. */
    public static PathMatch exactly(Path path) {
        return new PathMatch(new ArrayList<>(path.parts()), false);
    }

    /** The match that this path and all its extensions meet. */
    public static PathMatch below(Path path) {
        return new PathMatch(new ArrayList<>(path.parts()), true);
    }

    /**
     * The match of these parts.
     *
     * @param elements decoded, null for any one part
     * @param rest whether any further parts may follow
     * @throws PathSyntaxException when a part cannot be encoded, or there is nothing to match
     */
    public static PathMatch of(List<@Nullable String> elements, boolean rest) {
        if (elements.isEmpty() && !rest) {
            throw new PathSyntaxException(Reason.EMPTY);
        }
        for (String element : elements) {
            if (element != null) {
                PercentEncoding.requireEncodable(element);
            }
        }
        return new PathMatch(new ArrayList<>(elements), rest);
    }

    /**
     * Reads the text form, for example {@code users/*}{@code /session/**}.
     *
     * @throws PathSyntaxException when a literal part is not canonical or a wildcard is misplaced
     */
    public static PathMatch parse(String text) {
        String[] segments = text.split("/", -1);
        List<@Nullable String> elements = new ArrayList<>(segments.length);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            if (segment.equals(REST) && i == segments.length - 1) {
                return new PathMatch(elements, true);
            }
            if (segment.equals(ANY)) {
                elements.add(null);
            } else if (segment.indexOf('*') >= 0) {
                throw new PathSyntaxException(Reason.MISPLACED_WILDCARD);
            } else {
                elements.add(PercentEncoding.decode(segment, 0, segment.length()));
            }
        }
        return new PathMatch(elements, false);
    }

    /**
     * Reads the JSON form.
     *
     * @throws PathSyntaxException when it is not an array of strings and wildcards, is empty, or <code>{"rest":true}</code>
     *     is not last
     */
    public static PathMatch fromJson(String json) {
        List<@Nullable String> elements = new ArrayList<>(4);
        boolean rest = false;
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new PathSyntaxException(Reason.INVALID_JSON);
            }
            JsonToken token = parser.nextToken();
            for (; token == JsonToken.VALUE_STRING || token == JsonToken.START_OBJECT; token = parser.nextToken()) {
                if (rest) {
                    throw new PathSyntaxException(Reason.MISPLACED_WILDCARD);
                }
                if (token == JsonToken.VALUE_STRING) {
                    String part = parser.getText();
                    PercentEncoding.requireEncodable(part);
                    elements.add(part);
                } else if (wildcard(parser).equals("any")) {
                    elements.add(null);
                } else {
                    rest = true;
                }
            }
            if (token != JsonToken.END_ARRAY || parser.nextToken() != null) {
                throw new PathSyntaxException(Reason.INVALID_JSON);
            }
        } catch (JacksonException e) {
            throw new PathSyntaxException(Reason.INVALID_JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (elements.isEmpty() && !rest) {
            throw new PathSyntaxException(Reason.EMPTY);
        }
        return new PathMatch(elements, rest);
    }

    private static String wildcard(JsonParser parser) throws IOException {
        String name = parser.nextFieldName();
        boolean known = "any".equals(name) || "rest".equals(name);
        if (!known || parser.nextToken() != JsonToken.VALUE_TRUE || parser.nextToken() != JsonToken.END_OBJECT) {
            throw new PathSyntaxException(Reason.INVALID_JSON);
        }
        return name;
    }

    /** Whether the path meets this match. */
    public boolean matches(Path path) {
        List<String> parts = path.parts();
        if (rest ? parts.size() < elements.size() : parts.size() != elements.size()) {
            return false;
        }
        for (int i = 0; i < elements.size(); i++) {
            String element = elements.get(i);
            if (element != null && !element.equals(parts.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The literal parts, decoded, before the first wildcard: every path that matches starts with them. */
    public List<String> literalPrefix() {
        return literalPrefix;
    }

    /** The parts but for a last {@code **}: decoded, null for any one part. */
    public List<@Nullable String> elements() {
        return Collections.unmodifiableList(elements);
    }

    /** Whether any further parts may follow: a last {@code **}. */
    public boolean hasRest() {
        return rest;
    }

    /** Whether there is no wildcard: at most one path matches. */
    public boolean isExact() {
        return !rest && literalPrefix.size() == elements.size();
    }

    /** The JSON form. */
    public String toJson() {
        StringWriter json = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(json)) {
            generator.writeStartArray();
            for (String element : elements) {
                if (element == null) {
                    writeWildcard(generator, "any");
                } else {
                    generator.writeString(element);
                }
            }
            if (rest) {
                writeWildcard(generator, "rest");
            }
            generator.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return json.toString();
    }

    private static void writeWildcard(JsonGenerator generator, String name) throws IOException {
        generator.writeStartObject();
        generator.writeBooleanField(name, true);
        generator.writeEndObject();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathMatch that && rest == that.rest && elements.equals(that.elements);
    }

    @Override
    public int hashCode() {
        return 31 * elements.hashCode() + Boolean.hashCode(rest);
    }

    /** The text form. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                text.append('/');
            }
            String element = elements.get(i);
            if (element == null) {
                text.append(ANY);
            } else {
                PercentEncoding.encode(element, text);
            }
        }
        if (rest) {
            text.append(elements.isEmpty() ? REST : "/" + REST);
        }
        return text.toString();
    }
}
