package io.forebay.cache.change;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That entries of a cache are made from the rows of a table.
 *
 * @param cache its name
 * @param table the table, or several
 * @param entries which of its entries a row concerns
 */
record Dependency(String cache, TablePattern table, EntryTemplate entries) {

    /** What {@link #parse} takes. */
    static final String RULE =
            "TABLE, TABLE key MATCH or TABLE tag TAG, where a table is schema.table, schema.*, table or *,"
                    + " and {column} in a match or tag stands for a value of the row";

    private static final Pattern SYNTAX =
            Pattern.compile("(" + TablePattern.SYNTAX + ")(?:\\s+(key|tag)\\s+(\\S(?:.*\\S)?))?");

    /**
     * Reads what a cache depends on.
     *
     * @throws IllegalArgumentException when it is not of the form
     */
    static Dependency parse(String cache, String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(RULE);
        }
        String narrowed = String.valueOf(matcher.group(3));
        EntryTemplate entries = switch (String.valueOf(matcher.group(2))) {
            case "key" -> EntryTemplate.ByKey.parse(narrowed);
            case "tag" -> EntryTemplate.ByTag.parse(narrowed);
            default -> EntryTemplate.ALL;
        };
        return new Dependency(cache, new TablePattern(String.valueOf(matcher.group(1))), entries);
    }

    /** The entries that depend on a row. */
    Entries of(Columns row) {
        return entries.of(cache, row);
    }

    /** The entries that depend on any row. */
    Entries widest() {
        return of(Columns.UNKNOWN);
    }

    /** Whether all is known of a row that says which entries depend on it. */
    boolean isNarrowedBy(Columns row) {
        return entries.columns().stream().allMatch(column -> row.text(column) != null);
    }
}
