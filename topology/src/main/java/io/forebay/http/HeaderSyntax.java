package io.forebay.http;

import java.util.ArrayList;
import java.util.List;

/** The list and quoted-string syntax that header fields share (RFC 9110, section 5.6). */
final class HeaderSyntax {
    private HeaderSyntax() {}

    /** Splits at a separator outside quoted strings, trims the parts and leaves out empty ones; never an empty list. */
    static List<String> split(String value, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || (!quoted && value.charAt(i) == separator)) {
                String part = value.substring(start, i).trim();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            } else if (value.charAt(i) == '"') {
                quoted = !quoted;
            } else if (quoted && value.charAt(i) == '\\') {
                i++;
            }
        }
        return parts.isEmpty() ? List.of("") : parts;
    }

    /** Splits at every separator; empty parts stay. */
    static List<String> splitPlain(String value, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int end = value.indexOf(separator); end >= 0; end = value.indexOf(separator, start)) {
            parts.add(value.substring(start, end));
            start = end + 1;
        }
        parts.add(value.substring(start));
        return parts;
    }

    /** The content of a quoted string, or the value as it is. */
    static String unquote(String value) {
        if (value.length() < 2 || value.charAt(0) != '"' || value.charAt(value.length() - 1) != '"') {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() - 1) {
                i++;
                c = value.charAt(i);
            }
            text.append(c);
        }
        return text.toString();
    }

    /** Whether the text is 1 to {@code max} visible ASCII characters. */
    static boolean isVisible(String value, int max) {
        return !value.isEmpty() && value.length() <= max && value.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }
}
