package io.forebay.cache.change;

import java.util.regex.Pattern;

/**
 * Names one table or many: {@code public.users}, {@code public.*} for those of a schema, {@code users} for those of this
 * name in whatever schema, {@code *} for all.
 */
record TablePattern(String text) {

    /** What it may be. Names with a space, a comma, an equals sign or an asterisk can be reached by their schema. */
    static final String SYNTAX = "[^\\s,=*]+|[^\\s,=*]+\\.\\*|\\*";

    private static final Pattern PATTERN = Pattern.compile(SYNTAX);
    private static final String ALL = "*";

    TablePattern {
        if (!PATTERN.matcher(text).matches()) {
            throw new IllegalArgumentException("a table: schema.table, schema.*, table or *");
        }
    }

    boolean matches(String table) {
        if (text.endsWith(ALL)) {
            return table.startsWith(text.substring(0, text.length() - 1));
        }
        if (table.equals(text)) {
            return true;
        }
        int before = table.length() - text.length() - 1;
        return before >= 0 && text.indexOf('.') < 0 && table.charAt(before) == '.' && table.endsWith(text);
    }
}
