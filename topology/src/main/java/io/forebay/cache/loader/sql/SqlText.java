package io.forebay.cache.loader.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a statement, as far as its parameters are concerned. */
final class SqlText {

    /** What is read as a whole, so that a question mark in it is none; {@code ??} is JDBC's way to write an operator's. */
    private static final Pattern TOKEN = Pattern.compile("""
            (?<![A-Za-z0-9_])[eE]'(?:[^'\\\\]|\\\\.|'')*+'
            |'[^']*+'
            |"[^"]*+"
            |(?<![A-Za-z0-9_$])(?<dollar>\\$(?:[A-Za-z_][A-Za-z0-9_]*+)?\\$).*?\\k<dollar>
            |--[^\\n]*+
            |/\\*
            |\\?\\?
            |\\?""", Pattern.COMMENTS | Pattern.DOTALL);

    private static final Pattern COMMENT_EDGE = Pattern.compile("/\\*|\\*/");

    private SqlText() {}

    /** How many parameters a statement has. */
    static int parameters(String sql) {
        Matcher token = TOKEN.matcher(sql);
        int parameters = 0;
        int at = 0;
        while (token.find(at)) {
            at = token.end();
            if (token.group().equals("?")) {
                parameters++;
            } else if (token.group().equals("/*")) {
                at = endOfComment(sql, at);
            }
        }
        return parameters;
    }

    /** Comments nest. */
    private static int endOfComment(String sql, int begin) {
        Matcher edge = COMMENT_EDGE.matcher(sql);
        int depth = 1;
        int at = begin;
        while (depth > 0 && edge.find(at)) {
            at = edge.end();
            depth += edge.group().equals("/*") ? 1 : -1;
        }
        return depth == 0 ? at : sql.length();
    }
}
