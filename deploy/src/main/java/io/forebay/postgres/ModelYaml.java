package io.forebay.postgres;

import io.forebay.postgres.ModelDraft.DraftAssociation;
import io.forebay.postgres.ModelDraft.DraftTable;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A draft as a model file in YAML: an association on a line, notes as comments before what they are about. A text is quoted
 * unless every version of YAML reads it as that text.
 */
final class ModelYaml {

    private static final int WIDTH = 110;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final Pattern ANOTHER_TYPE =
            Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|e|[+-]?\\.(inf|nan)");

    private static final Pattern UNREADABLE = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\x{feff}]");

    private final ModelDraft draft;
    private final StringBuilder text = new StringBuilder();

    ModelYaml(ModelDraft draft) {
        this.draft = draft;
    }

    String text() {
        line(
                0,
                "# An association model, drafted from a database's keys. What begins with \"review:\" was decided and could be");
        line(0, "# meant otherwise; names may be changed, where and order may be added.");
        draft.notes().forEach(note -> comment(0, note));
        line(0, "tables:");
        draft.tables().forEach(this::table);
        return text.toString();
    }

    private void table(DraftTable table) {
        table.notes().forEach(note -> comment(2, "review: " + note));
        line(2, scalar(table.name()) + ":");
        sequence("pk", table.primaryKey());
        sequence("columns", table.columns());
        if (table.associations().isEmpty()) {
            line(4, "assocs: {}");
        } else {
            line(4, "assocs:");
            table.associations().forEach(this::association);
        }
    }

    private void association(DraftAssociation association) {
        if (association.note() != null) {
            comment(6, "review: " + association.note());
        }
        line(6, line(association));
    }

    static String line(DraftAssociation association) {
        return association.members().entrySet().stream()
                .map(ModelYaml::member)
                .collect(Collectors.joining(", ", scalar(association.name()) + ": {", "}"));
    }

    private static String member(Map.Entry<String, List<String>> member) {
        List<String> values = member.getValue();
        return member.getKey() + ": "
                + (values.size() == 1
                        ? scalar(values.get(0))
                        : values.stream().map(ModelYaml::scalar).collect(Collectors.joining(", ", "[", "]")));
    }

    private void sequence(String name, List<String> values) {
        StringBuilder line = new StringBuilder("    " + name + ": [");
        for (int i = 0; i < values.size(); i++) {
            String value = scalar(values.get(i)) + (i + 1 < values.size() ? "," : "]");
            if (line.length() + 1 + value.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder("      " + value);
            } else {
                line.append(i == 0 ? "" : " ").append(value);
            }
        }
        text.append(line).append('\n');
    }

    private void comment(int indent, String comment) {
        line(indent, "# " + comment.replaceAll("\\p{Cntrl}", " "));
    }

    private void line(int indent, String line) {
        text.append(" ".repeat(indent)).append(line).append('\n');
    }

    private static String scalar(String value) {
        if (PLAIN.matcher(value).matches() && !ANOTHER_TYPE.matcher(value).matches()) {
            return value;
        }
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').appendCodePoint(point);
            } else if (UNREADABLE.matcher(Character.toString(point)).matches()) {
                quoted.append("\\u%04x".formatted(point));
            } else {
                quoted.appendCodePoint(point);
            }
        });
        return quoted.append('"').toString();
    }
}
