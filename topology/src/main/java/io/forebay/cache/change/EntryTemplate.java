package io.forebay.cache.change;

import io.forebay.cache.state.CacheKey;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says of a row which entries of a cache depend on it. What it does not know of the row makes them more, never fewer. */
sealed interface EntryTemplate {

    /** All entries, whatever the row. */
    EntryTemplate ALL = ByKey.parse("**");

    /** The entries that depend on a row. */
    Entries of(String cache, Columns row);

    /** Names of the columns it asks for. */
    Set<String> columns();

    /**
     * By their keys: a match as elsewhere, in whose parts the names of columns stand in braces. A part whose value is not
     * known is any part.
     */
    record ByKey(List<@Nullable TextTemplate> parts, boolean rest) implements EntryTemplate {

        private static final String ANY = "*";
        private static final String REST = "**";

        /**
         * Reads a match.
         *
         * @throws IllegalArgumentException when it is none
         */
        static ByKey parse(String text) {
            List<String> segments = new ArrayList<>(Arrays.asList(text.split("/", -1)));
            boolean rest = segments.get(segments.size() - 1).equals(REST);
            if (rest) {
                segments.remove(segments.size() - 1);
            }
            List<@Nullable TextTemplate> parts = new ArrayList<>();
            for (String segment : segments) {
                parts.add(segment.equals(ANY) ? null : TextTemplate.parse(segment, ByKey::decoded));
            }
            return new ByKey(parts, rest);
        }

        private static String decoded(String literal) {
            Path path = Path.parse(literal);
            return path.part(0);
        }

        @Override
        public Entries of(String cache, Columns row) {
            List<@Nullable String> elements = new ArrayList<>(parts.size() + 1);
            elements.add(CacheKey.namespace(cache));
            for (TextTemplate part : parts) {
                elements.add(part == null ? null : part.of(row));
            }
            return new Entries.Matching(PathMatch.of(elements, rest));
        }

        @Override
        public Set<String> columns() {
            Set<String> columns = new HashSet<>();
            parts.stream().filter(Objects::nonNull).forEach(part -> columns.addAll(part.columns()));
            return columns;
        }
    }

    /** By a tag. Where it is not known it could be any, and so could the entries: there may be some without a tag. */
    record ByTag(TextTemplate tag) implements EntryTemplate {

        static ByTag parse(String text) {
            return new ByTag(TextTemplate.parse(text, literal -> literal));
        }

        @Override
        public Entries of(String cache, Columns row) {
            String text = tag.of(row);
            return text == null ? Entries.all(cache) : new Entries.Tagged(cache, text);
        }

        @Override
        public Set<String> columns() {
            return tag.columns();
        }
    }
}
