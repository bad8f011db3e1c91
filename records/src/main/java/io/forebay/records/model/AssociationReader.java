package io.forebay.records.model;

import io.forebay.records.file.FileObject;
import io.forebay.records.model.Association.BelongsTo;
import io.forebay.records.model.Association.Direct;
import io.forebay.records.model.Association.HasMany;
import io.forebay.records.model.Association.HasOne;
import io.forebay.records.model.Association.HasThrough;
import io.forebay.records.model.Association.ManyToMany;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the associations of all tables. Those that lead from table to table come first, then the paths through them, which may
 * name others of their kind and must not come back to themselves.
 */
final class AssociationReader {

    /** How many associations a has_through may come to when those in it are written out, and how many of them may stand in each other. */
    private static final int MAX_STEPS = 16;

    private static final String KINDS = "belongs_to, has_one, has_many, many_to_many or has_through";

    private final Map<String, TableDraft> tables;

    /** has_through that are being written out, the outermost first. */
    private final Set<String> open = new LinkedHashSet<>();

    /** How many of their kind stand in each other in has_through that have been read, themselves counted. */
    private final Map<String, Integer> levels = new HashMap<>();

    /** What has been read and found wrong: it is told once, where it is. */
    private final Set<String> wrong = new HashSet<>();

    AssociationReader(Map<String, TableDraft> tables) {
        this.tables = tables;
    }

    void readAll() {
        addJoinTables();
        List<TableDraft> all = new ArrayList<>(tables.values());
        for (TableDraft table : all) {
            table.written.forEach((name, file) -> readDirect(table, name, file));
        }
        for (TableDraft table : all) {
            table.written.forEach((name, file) -> {
                if ("has_through".equals(kind(file))) {
                    through(table, name, file);
                }
            });
        }
    }

    /** Join tables that no one declares have for columns what is said of them. */
    private void addJoinTables() {
        Map<String, TableDraft> joins = new LinkedHashMap<>();
        for (TableDraft table : tables.values()) {
            for (FileObject file : table.written.values()) {
                JsonValue through = file.optional("through");
                if (!"many_to_many".equals(kind(file)) || through == null || !FileObject.isName(through)) {
                    continue;
                }
                String name = through.asText();
                if (!tables.containsKey(name)) {
                    TableDraft join = joins.computeIfAbsent(name, TableDraft::join);
                    addKey(join, file, "owner_key");
                    addKey(join, file, "related_key");
                }
            }
        }
        tables.putAll(joins);
    }

    private static void addKey(TableDraft join, FileObject file, String member) {
        JsonValue value = file.optional(member);
        List<String> key = value == null ? null : FileObject.namesOf(value);
        if (key != null) {
            join.addKey(key);
        }
    }

    private static @Nullable String kind(FileObject file) {
        JsonValue kind = file.optional("kind");
        return kind != null && kind.isString() ? kind.asText() : null;
    }

    private void readDirect(TableDraft owner, String name, FileObject file) {
        if (name.isEmpty() || name.indexOf('.') >= 0 || name.indexOf(',') >= 0) {
            file.problem("an association's name is not empty and has no dot and no comma in it");
        }
        String kind = file.text("kind");
        if (kind == null) {
            return;
        }
        Direct read;
        switch (kind) {
            case "belongs_to" -> read = belongsTo(owner, name, file);
            case "has_one", "has_many" -> read = has(owner, name, file, kind.equals("has_one"));
            case "many_to_many" -> read = manyToMany(owner, name, file);
            case "has_through" -> {
                return;
            }
            default -> {
                file.problem("kind", "is " + KINDS);
                return;
            }
        }
        if (read != null) {
            owner.associations.put(name, read);
        }
    }

    private @Nullable Direct belongsTo(TableDraft owner, String name, FileObject file) {
        file.allow(members("kind", "table", "fk", "where"));
        TableDraft related = related(file);
        List<String> foreignKey = key(file, "fk", owner, related);
        if (related == null || foreignKey == null) {
            return null;
        }
        return new BelongsTo(name, owner.name, related.name, foreignKey, where(file, related));
    }

    private @Nullable Direct has(TableDraft owner, String name, FileObject file, boolean one) {
        file.allow(members("kind", "table", "fk", "where", "order"));
        TableDraft related = related(file);
        List<String> foreignKey = key(file, "fk", related, owner);
        if (related == null || foreignKey == null) {
            return null;
        }
        Conditions where = where(file, related);
        Ordering order = order(file, related);
        return one
                ? new HasOne(name, owner.name, related.name, foreignKey, where, order)
                : new HasMany(name, owner.name, related.name, foreignKey, where, order);
    }

    private @Nullable Direct manyToMany(TableDraft owner, String name, FileObject file) {
        file.allow(members("kind", "table", "through", "owner_key", "related_key", "where", "order"));
        TableDraft related = related(file);
        String through = file.text("through");
        TableDraft join = through == null ? null : tables.get(through);
        List<String> ownerKey = key(file, "owner_key", join, owner);
        List<String> relatedKey = key(file, "related_key", join, related);
        if (related == null || join == null || ownerKey == null || relatedKey == null) {
            return null;
        }
        if (ownerKey.equals(relatedKey)) {
            file.problem("related_key", "is not the owner_key");
            return null;
        }
        Conditions where = where(file, related);
        Ordering order = order(file, related);
        return new ManyToMany(name, owner.name, related.name, join.name, ownerKey, relatedKey, where, order);
    }

    private static Set<String> members(String... names) {
        return new LinkedHashSet<>(List.of(names));
    }

    private @Nullable TableDraft related(FileObject file) {
        String name = file.text("table");
        TableDraft table = name == null ? null : tables.get(name);
        if (name != null && table == null) {
            file.problem("table", "names no table of the model: " + name);
        }
        return table;
    }

    /** Columns of one table that hold the primary key of another; null, and noted, when they are not. */
    private static @Nullable List<String> key(
            FileObject file, String member, @Nullable TableDraft holder, @Nullable TableDraft held) {
        List<String> columns = file.differentNames(member);
        if (columns == null || holder == null || held == null) {
            return null;
        }
        boolean right = true;
        for (String column : columns) {
            right &= requireColumn(file, member, holder, column);
        }
        if (!held.primaryKey.isEmpty() && columns.size() != held.primaryKey.size()) {
            file.problem(
                    member,
                    "has " + columns.size() + " columns for the primary key of " + held.name + ", which has "
                            + held.primaryKey.size());
            right = false;
        }
        return right ? columns : null;
    }

    private static boolean requireColumn(FileObject file, String member, TableDraft table, String column) {
        // A table whose columns could not be read has been complained of.
        boolean there = table.columns.contains(column) || table.columns.isEmpty();
        if (!there) {
            file.problem(member, "names no column of " + table.name + ": " + column);
        }
        return there;
    }

    private static Conditions where(FileObject file, TableDraft related) {
        FileObject where = file.has("where") ? file.object("where") : null;
        if (where == null) {
            return Conditions.NONE;
        }
        return ConditionsReader.read(
                where, related.name, column -> related.columns.contains(column) || related.columns.isEmpty());
    }

    private static Ordering order(FileObject file, TableDraft related) {
        JsonValue written = file.optional("order");
        if (written == null) {
            return Ordering.NONE;
        }
        List<Ordering.Term> terms = new ArrayList<>();
        for (JsonValue each : written.isArray() ? written.elements() : List.of(written)) {
            Ordering.Term term = term(each);
            if (term == null) {
                file.problem("order", "is a list of [column, asc or desc]");
                return Ordering.NONE;
            }
            requireColumn(file, "order", related, term.column());
            terms.add(term);
        }
        return new Ordering(terms);
    }

    private static Ordering.@Nullable Term term(JsonValue written) {
        List<String> words = written.isArray() ? FileObject.namesOf(written) : null;
        if (words == null || words.size() != 2) {
            return null;
        }
        return switch (words.get(1)) {
            case "asc" -> new Ordering.Term(words.get(0), false);
            case "desc" -> new Ordering.Term(words.get(0), true);
            default -> null;
        };
    }

    private @Nullable HasThrough through(TableDraft owner, String name, FileObject file) {
        if (owner.associations.get(name) instanceof HasThrough read) {
            return read;
        }
        String id = id(owner, name);
        if (wrong.contains(id)) {
            return null;
        }
        if (!open.add(id)) {
            file.problem("path", "comes back to itself: " + String.join(", ", open));
            wrong.addAll(open);
            return null;
        }
        HasThrough read = open.size() > MAX_STEPS ? tooManyLevels(file) : readThrough(owner, name, file);
        open.remove(id);
        if (read == null) {
            wrong.add(id);
        } else {
            owner.associations.put(name, read);
        }
        return read;
    }

    private static String id(TableDraft owner, String name) {
        return owner.name + "." + name;
    }

    private static @Nullable HasThrough tooManyLevels(FileObject file) {
        file.problem("path", "leads through more than " + (MAX_STEPS - 1) + " others of its kind");
        return null;
    }

    private @Nullable HasThrough readThrough(TableDraft owner, String name, FileObject file) {
        file.allow(members("kind", "path", "order"));
        List<String> path = file.names("path");
        if (path == null) {
            return null;
        }
        List<Direct> steps = new ArrayList<>();
        int level = 1;
        TableDraft at = owner;
        for (String step : path) {
            FileObject written = at.written.get(step);
            if (written == null) {
                file.problem("path", at.name + " has no association " + step);
                return null;
            }
            List<Direct> more = steps(at, step, written);
            if (more.isEmpty()) {
                return null;
            }
            steps.addAll(more);
            level = Math.max(level, 1 + levels.getOrDefault(id(at, step), 0));
            if (level > MAX_STEPS) {
                return tooManyLevels(file);
            }
            if (steps.size() > MAX_STEPS) {
                file.problem("path", "comes to more than " + MAX_STEPS + " associations");
                return null;
            }
            TableDraft next = tables.get(more.get(more.size() - 1).table());
            if (next == null) {
                return null;
            }
            at = next;
        }
        levels.put(id(owner, name), level);
        return new HasThrough(name, owner.name, path, steps, order(file, at));
    }

    /** What a step of a path stands for; none when it is not right, which is told where it is declared. */
    private List<Direct> steps(TableDraft owner, String name, FileObject file) {
        if ("has_through".equals(kind(file))) {
            HasThrough nested = through(owner, name, file);
            return nested == null ? List.of() : nested.steps();
        }
        return owner.associations.get(name) instanceof Direct direct ? List.of(direct) : List.of();
    }
}
