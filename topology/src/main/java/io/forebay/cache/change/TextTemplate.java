package io.forebay.cache.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A text with the names of columns in braces, in the place of their values. */
record TextTemplate(List<Piece> pieces) {

    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

    /** What stands there, or the name of the column whose value stands there. */
    record Piece(String text, boolean isColumn) {}

    TextTemplate {
        pieces = List.copyOf(pieces);
    }

    /**
     * Reads a template.
     *
     * @param literal what is written between the columns, decoded
     * @throws IllegalArgumentException when a brace stands alone, or {@code literal} refuses
     */
    static TextTemplate parse(String text, UnaryOperator<String> literal) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = COLUMN.matcher(text);
        int from = 0;
        while (matcher.find()) {
            addLiteral(text.substring(from, matcher.start()), literal, pieces);
            pieces.add(new Piece(String.valueOf(matcher.group(1)), true));
            from = matcher.end();
        }
        addLiteral(text.substring(from), literal, pieces);
        return new TextTemplate(pieces);
    }

    private static void addLiteral(String text, UnaryOperator<String> literal, List<Piece> pieces) {
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new IllegalArgumentException("braces enclose the name of a column");
        }
        if (!text.isEmpty()) {
            pieces.add(new Piece(literal.apply(text), false));
        }
    }

    Set<String> columns() {
        return pieces.stream().filter(Piece::isColumn).map(Piece::text).collect(Collectors.toSet());
    }

    /** The text for a row; null where a value is not known. */
    @Nullable
    String of(Columns row) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            String part = piece.isColumn() ? row.text(piece.text()) : piece.text();
            if (part == null) {
                return null;
            }
            text.append(part);
        }
        return text.toString();
    }
}
