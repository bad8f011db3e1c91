package io.forebay.sync.rule;

import io.forebay.records.file.FileProblem;
import io.forebay.records.file.FileText;
import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Association;
import io.forebay.records.model.Model;
import io.forebay.records.model.Ordering;
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
 * The server's rules: for each table of the model who may see which of its rows, and which columns nobody gets. A table that has a rule
 * is for subscribers with claims alone, whatever the rule says; one that has none is for everybody, or nobody, as
 * the file says.
 *
 * <p>What a subscriber gets of a row always has the columns that place it: its primary key, and those by which associations of the model find,
 * choose and order rows. Without them a client could not keep a value that equals the server's. They cannot be hidden.
 *
 * <p>Another instance may have declared a model with tables that this one's does not have. What its rules say of them is not known here, so
 * where there are rules nobody sees any of their rows.
 */
public final class AccessRules {

    private final Model model;
    private final Map<String, TableRules> tables;
    private final boolean open;
    private final RuleStats stats = new RuleStats();

    /**
     * @param open whether rows of tables that the model does not have may be seen
     */
    AccessRules(Model model, Map<String, TableRules> tables, boolean open) {
        this.model = model;
        this.tables = Map.copyOf(tables);
        this.open = open;
    }

    /** No rules: everybody may see everything. */
    public static AccessRules open(Model model) {
        Map<String, TableRules> tables = new HashMap<>();
        for (String table : model.tables().keySet()) {
            tables.put(table, new TableRules(table, null, true, Set.of(), placing(model, table)));
        }
        return new AccessRules(model, tables, true);
    }

    /**
     * Reads rules from the text of their file, YAML or JSON.
     *
     * @throws InvalidFileException with every problem, when there is any
     */
    public static AccessRules parse(String text, Model model) {
        return new AccessRulesFile(model).read(FileText.read(text));
    }

    /** The columns of a table without which its rows could not be placed. */
    static Set<String> placing(Model model, String table) {
        Set<String> placing = new LinkedHashSet<>(model.require(table).primaryKey());
        placing.addAll(model.associationColumns(table));
        for (Table owner : model.tables().values()) {
            for (Association association : owner.associations().values()) {
                if (association.table().equals(table)) {
                    placing.addAll(association.where().byColumn().keySet());
                    association.order().terms().stream()
                            .map(Ordering.Term::column)
                            .forEach(placing::add);
                }
            }
        }
        return placing;
    }

    /** What rules said so far. */
    public RuleStats stats() {
        return stats;
    }

    /** A row, for all subscribers who may be told of it. */
    public TableRow row(String table, JsonObject row) {
        return new TableRow(rules(table), row);
    }

    /**
     * A change, for all subscribers whom it concerns.
     *
     * @param old the row before; null where there was none, or it is not known
     * @param row the row after; null where it was deleted
     * @throws IllegalArgumentException when the occasion has other rows
     */
    public TableChange change(String table, Occasion occasion, @Nullable JsonObject old, @Nullable JsonObject row) {
        TableRules rules = rules(table);
        return new TableChange(
                rules,
                occasion,
                old == null ? null : new TableRow(rules, old),
                row == null ? null : new TableRow(rules, row));
    }

    private TableRules rules(String table) {
        TableRules rules = tables.get(table);
        return rules == null ? new TableRules(table, null, open, Set.of(), Set.of()) : rules;
    }

    /**
     * What is wrong with the columns that a subscription names, by table: tables and columns that there are not. A hidden column is
     * told like one that there is not.
     */
    public List<FileProblem> check(Map<String, Set<String>> columns) {
        List<FileProblem> problems = new ArrayList<>();
        columns.forEach((name, named) -> {
            Table table = model.table(name);
            String pointer = "/" + escape(name);
            if (table == null) {
                problems.add(new FileProblem(pointer, "is no table of the model"));
                return;
            }
            Set<String> hidden = rules(name).hidden();
            for (String column : named) {
                if (!table.columns().contains(column) || hidden.contains(column)) {
                    problems.add(new FileProblem(pointer + "/" + escape(column), "is no column of " + name));
                }
            }
        });
        return problems;
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /**
     * What a subscription may see.
     *
     * @param claims of its subscriber; null where there is no identity
     * @param own what it asks of rows itself
     * @param columns the columns that it wants, by table; of tables that are not among them all that are not hidden
     */
    public Sight sight(@Nullable JsonObject claims, OwnRule own, Map<String, Set<String>> columns) {
        return new Sight(stats, claims, own, columns);
    }
}
