package io.forebay.sync.rule;

import io.forebay.records.file.FileObject;
import io.forebay.records.file.FileProblem;
import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.schemas.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file that rules are written in:
 *
 * <pre>{@code
 * tables:
 *   posts: {visible: row.published || row.person_id == claims.person_id, hidden: [draft_notes]}
 *   persons: {hidden: [password_hash]}
 * default: allow             # or deny: of tables without visible
 * }</pre>
 */
final class AccessRulesFile {

    private static final Set<String> MEMBERS = new LinkedHashSet<>(List.of("tables", "default"));
    private static final Set<String> TABLE_MEMBERS = new LinkedHashSet<>(List.of("visible", "hidden"));

    private final Model model;
    private final List<FileProblem> problems = new ArrayList<>();

    AccessRulesFile(Model model) {
        this.model = model;
    }

    AccessRules read(JsonObject file) {
        FileObject root = new FileObject(file, "", problems);
        root.allow(MEMBERS);
        boolean open = isOpen(root);
        FileObject written = root.has("tables") ? root.object("tables") : null;
        List<String> named = written == null ? List.of() : written.names();
        Map<String, TableRules> tables = new HashMap<>();
        for (Table table : model.tables().values()) {
            FileObject own = written != null && named.contains(table.name()) ? written.object(table.name()) : null;
            tables.put(table.name(), read(table, own, open));
        }
        for (String name : named) {
            if (written != null && model.table(name) == null) {
                written.problem(name, "is no table of the model");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidFileException(problems);
        }
        return new AccessRules(model, tables, false);
    }

    private static boolean isOpen(FileObject root) {
        String standard = root.has("default") ? root.text("default") : "allow";
        if (standard != null && !standard.equals("allow") && !standard.equals("deny")) {
            root.problem("default", "is allow or deny");
        }
        return "allow".equals(standard);
    }

    private TableRules read(Table table, @Nullable FileObject own, boolean open) {
        Set<String> placing = AccessRules.placing(model, table.name());
        if (own == null) {
            return new TableRules(table.name(), null, open, Set.of(), placing);
        }
        own.allow(TABLE_MEMBERS);
        return new TableRules(table.name(), visible(own), open, hidden(table, own, placing), placing);
    }

    private static @Nullable Rule visible(FileObject own) {
        String source = own.has("visible") ? own.text("visible") : null;
        if (source == null) {
            return null;
        }
        try {
            return Rule.compile(source);
        } catch (RuleException e) {
            own.problem("visible", "is no rule: " + e.getMessage());
            return null;
        }
    }

    private static Set<String> hidden(Table table, FileObject own, Set<String> placing) {
        List<String> names = own.has("hidden") ? own.differentNames("hidden") : List.of();
        Set<String> hidden = new LinkedHashSet<>(names == null ? List.of() : names);
        for (String column : hidden) {
            if (!table.columns().contains(column)) {
                own.problem("hidden", "names no column of " + table.name() + ": " + column);
            } else if (table.primaryKey().contains(column)) {
                own.problem("hidden", "names " + column + ", which is of the primary key: rows are known by it");
            } else if (placing.contains(column)) {
                own.problem("hidden", "names " + column + ", by which an association goes: clients place rows by it");
            }
        }
        return hidden;
    }
}
