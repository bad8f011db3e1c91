package io.forebay.postgres;

import io.forebay.postgres.Catalogue.ForeignKey;
import io.forebay.postgres.Catalogue.Table;
import io.forebay.postgres.Catalogue.TableName;
import io.forebay.postgres.Catalogue.UniqueKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The association model that a catalogue's keys suggest.
 *
 * <p>A foreign key to a primary key is a belongs_to there, and a has_many on the other side, or a has_one where a unique key lets
 * one row at the most refer. A join table, which has two foreign keys, a unique key over both and no columns but keys, is
 * a many_to_many on both sides besides. What is no such thing, or could be meant otherwise, is told in a note.
 *
 * <p>Names depend on nothing but the catalogue. A belongs_to is named by its column without what it ends in: {@code author} for
 * {@code author_id}. The others are named by the table they lead to: {@code comments}; where several foreign keys lead from one
 * table to the other, by that and the belongs_to: {@code comments_by_author}; the many_to_many of a table to itself by the other
 * side's belongs_to: {@code followers}. Where two associations would have one name, each that has a longer form takes that.
 */
public final class ModelDraft {

    private final List<DraftTable> tables;
    private final List<String> notes;

    private ModelDraft(List<DraftTable> tables, List<String> notes) {
        this.tables = List.copyOf(tables);
        this.notes = List.copyOf(notes);
    }

    /**
     * A table of the draft.
     *
     * @param notes on the table as a whole
     */
    record DraftTable(
            String name,
            List<String> primaryKey,
            List<String> columns,
            List<DraftAssociation> associations,
            List<String> notes) {}

    /**
     * An association of the draft.
     *
     * @param members of the file's object; a list of one is written as that one
     * @param note null where nothing was decided
     */
    record DraftAssociation(
            String name,
            Map<String, List<String>> members,
            @Nullable String note) {}

    /**
     * Drafts a model.
     *
     * @param withSchema whether tables are called by schema and name, as row changes call them, or by name alone
     * @throws CatalogueException when two tables would have one name
     */
    public static ModelDraft of(Catalogue catalogue, boolean withSchema) {
        return new Drafting(catalogue, withSchema).draft();
    }

    /** The tables in order. */
    List<DraftTable> tables() {
        return tables;
    }

    /** What is not in the draft, and why. */
    List<String> notes() {
        return notes;
    }

    /** The model file. */
    public String yaml() {
        return new ModelYaml(this).text();
    }

    /** How many tables it has. */
    public int tableCount() {
        return tables.size();
    }

    /** How many associations its tables have. */
    public int associationCount() {
        return tables.stream().mapToInt(table -> table.associations().size()).sum();
    }

    /** How many places of the file ask for a look. */
    public int noteCount() {
        return notes.size()
                + tables.stream()
                        .mapToInt(table -> table.notes().size()
                                + (int) table.associations().stream()
                                        .filter(association -> association.note() != null)
                                        .count())
                        .sum();
    }

    /** A foreign key that refers to the key by which rows are known, its columns in the order of that key. */
    private record Reference(TableName from, TableName to, List<String> columns, String belongsTo) {}

    /**
     * An association that has no name yet.
     *
     * @param columns of the key that leads to the other table, or of the join table's key that does
     * @param names that it may have, the short one first
     */
    private record Candidate(
            TableName to,
            List<String> columns,
            List<String> names,
            Map<String, List<String>> members,
            @Nullable String note) {}

    /** One drafting. */
    private static final class Drafting {

        private static final List<String> KEY_ENDINGS = List.of("id", "uuid", "key", "fk");

        private final boolean withSchema;
        private final Map<TableName, Table> tables = new TreeMap<>();
        private final Map<TableName, List<String>> primaryKeys = new TreeMap<>();
        private final Map<TableName, List<String>> tableNotes = new TreeMap<>();
        private final Map<TableName, List<Reference>> references = new TreeMap<>();
        private final Map<TableName, List<DraftAssociation>> associations = new TreeMap<>();
        private final Map<TableName, Set<String>> taken = new TreeMap<>();
        private final List<String> leftOut = new ArrayList<>();

        Drafting(Catalogue catalogue, boolean withSchema) {
            this.withSchema = withSchema;
            for (Table table : catalogue.tables()) {
                include(table);
            }
            Map<String, TableName> names = new TreeMap<>();
            for (TableName table : tables.keySet()) {
                TableName other = names.put(called(table), table);
                if (other != null) {
                    throw new CatalogueException(
                            other + " and " + table + " would have one name: call tables by schema and name", null);
                }
            }
        }

        private void include(Table table) {
            List<String> notes = new ArrayList<>();
            Optional<UniqueKey> primary =
                    table.uniqueKeys().stream().filter(UniqueKey::primary).findFirst();
            Optional<UniqueKey> key = primary.or(() -> table.uniqueKeys().stream()
                    .filter(unique -> !unique.partial() && table.notNull().containsAll(unique.columns()))
                    .min(Comparator.comparingInt(unique -> unique.columns().size())));
            if (key.isEmpty()) {
                leftOut.add("left out: " + called(table.name()) + ", which has no primary key");
                return;
            }
            if (primary.isEmpty()) {
                notes.add("no primary key; its rows are known by the unique index "
                        + key.get().name());
            }
            if (!table.generated().isEmpty()) {
                notes.add(table.columns().stream()
                                .filter(table.generated()::contains)
                                .collect(Collectors.joining(", "))
                        + ": computed by the database, which may not be in its row changes");
            }
            tables.put(table.name(), table);
            primaryKeys.put(table.name(), key.get().columns());
            tableNotes.put(table.name(), notes);
            references.put(table.name(), new ArrayList<>());
            associations.put(table.name(), new ArrayList<>());
            taken.put(table.name(), new HashSet<>());
        }

        ModelDraft draft() {
            Map<TableName, List<Candidate>> candidates = new TreeMap<>();
            for (Table table : tables.values()) {
                candidates.put(table.name(), belongsTo(table));
            }
            name(candidates)
                    .forEach((table, named) -> named.forEach((candidate, name) -> of(references, table)
                            .add(new Reference(table, candidate.to(), candidate.columns(), name))));
            candidates.clear();
            allReferences()
                    .forEach(reference -> candidates
                            .computeIfAbsent(reference.to(), to -> new ArrayList<>())
                            .add(has(reference)));
            name(candidates);
            candidates.clear();
            for (Table table : tables.values()) {
                manyToMany(table, candidates);
            }
            name(candidates);
            return new ModelDraft(
                    tables.values().stream()
                            .map(table -> new DraftTable(
                                    called(table.name()),
                                    of(primaryKeys, table.name()),
                                    table.columns(),
                                    of(associations, table.name()),
                                    of(tableNotes, table.name())))
                            .toList(),
                    leftOut);
        }

        private List<Candidate> belongsTo(Table table) {
            List<Candidate> candidates = new ArrayList<>();
            Set<List<Object>> seen = new HashSet<>();
            for (ForeignKey key : table.foreignKeys()) {
                List<String> primaryKey = primaryKeys.get(key.referenced());
                if (primaryKey == null) {
                    note(
                            table,
                            "no association by " + key.name() + ": " + called(key.referenced())
                                    + " is not in this file");
                } else if (!Set.copyOf(primaryKey).equals(Set.copyOf(key.referencedColumns()))) {
                    note(
                            table,
                            "no association by " + key.name() + ": (" + String.join(", ", key.referencedColumns())
                                    + ") is not the primary key of " + called(key.referenced()));
                } else {
                    List<String> columns = primaryKey.stream()
                            .map(column ->
                                    key.columns().get(key.referencedColumns().indexOf(column)))
                            .toList();
                    if (seen.add(List.of(key.referenced(), columns))) {
                        candidates.add(belongsTo(key.referenced(), primaryKey, columns));
                    }
                }
            }
            return candidates;
        }

        private Candidate belongsTo(TableName to, List<String> primaryKey, List<String> columns) {
            String one = EnglishNoun.singular(to.name());
            Optional<String> byColumn = byColumn(primaryKey, columns);
            Map<String, List<String>> members = new LinkedHashMap<>();
            members.put("kind", List.of("belongs_to"));
            members.put("table", List.of(called(to)));
            members.put("fk", columns);
            return new Candidate(
                    to,
                    columns,
                    List.of(
                            byColumn.orElse(one),
                            byColumn.map(name -> name + "_" + one).orElse(one + "_by_" + joined(columns)),
                            one + "_by_" + joined(columns)),
                    members,
                    null);
        }

        /** What the columns of a foreign key have before the names of the key's columns. */
        private static Optional<String> byColumn(List<String> primaryKey, List<String> columns) {
            Set<String> before = new HashSet<>();
            for (int i = 0; i < columns.size(); i++) {
                if (!columns.get(i).equals(primaryKey.get(i))) {
                    before.add(before(columns.get(i), primaryKey.get(i)).orElse(""));
                }
            }
            if (before.size() == 1 && !before.contains("")) {
                return Optional.of(before.iterator().next());
            }
            if (columns.size() > 1) {
                return Optional.empty();
            }
            String column = columns.get(0);
            return KEY_ENDINGS.stream()
                    .flatMap(ending -> before(column, ending).stream())
                    .findFirst()
                    .or(() -> Optional.of(column)
                            .filter(Predicate.not(primaryKey::contains))
                            .filter(name -> !KEY_ENDINGS.contains(name)));
        }

        /** {@code author} of {@code author_id} and {@code authorId}, when id is what it ends in. */
        private static Optional<String> before(String column, String ending) {
            int cut = column.length() - ending.length();
            if (cut < 1 || !column.regionMatches(true, cut, ending, 0, ending.length())) {
                return Optional.empty();
            }
            if (column.charAt(cut - 1) == '_') {
                return Optional.of(column.substring(0, cut - 1)).filter(Predicate.not(String::isBlank));
            }
            boolean camelCase =
                    Character.isUpperCase(column.charAt(cut)) && Character.isLowerCase(column.charAt(cut - 1));
            return camelCase ? Optional.of(column.substring(0, cut)) : Optional.empty();
        }

        private List<Reference> allReferences() {
            return references.values().stream().flatMap(List::stream).toList();
        }

        private Candidate has(Reference reference) {
            Table from = of(tables, reference.from());
            boolean one = from.uniqueKeys().stream()
                    .anyMatch(key -> !key.partial() && reference.columns().containsAll(key.columns()));
            String name = one
                    ? EnglishNoun.singular(from.name().name())
                    : EnglishNoun.plural(from.name().name());
            long ways = of(references, reference.from()).stream()
                    .filter(other -> other.to().equals(reference.to()))
                    .count();
            String byReference = name + "_by_" + reference.belongsTo();
            boolean self = reference.from().equals(reference.to());
            String first = self && reference.belongsTo().equals("parent")
                    ? one ? "child" : "children"
                    : self || ways > 1 ? byReference : name;
            Map<String, List<String>> members = new LinkedHashMap<>();
            members.put("kind", List.of(one ? "has_one" : "has_many"));
            members.put("table", List.of(called(reference.from())));
            members.put("fk", reference.columns());
            String note = one
                    ? null
                    : from.uniqueKeys().stream()
                            .filter(key -> key.partial() && reference.columns().containsAll(key.columns()))
                            .findFirst()
                            .map(key -> "the index " + key.name()
                                    + " is unique for some rows: a has_one with a where could be meant")
                            .orElse(null);
            return new Candidate(
                    reference.from(),
                    reference.columns(),
                    List.of(first, byReference, name + "_by_" + joined(reference.columns())),
                    members,
                    note);
        }

        private void manyToMany(Table join, Map<TableName, List<Candidate>> candidates) {
            List<Reference> keys = of(references, join.name());
            if (keys.size() != 2 || join.foreignKeys().size() != 2) {
                return;
            }
            Set<String> pair = new HashSet<>(keys.get(0).columns());
            pair.addAll(keys.get(1).columns());
            List<String> own = join.columns().stream()
                    .filter(column -> !pair.contains(column)
                            && !of(primaryKeys, join.name()).contains(column))
                    .toList();
            boolean unique = join.uniqueKeys().stream()
                    .anyMatch(key -> !key.partial() && pair.equals(Set.copyOf(key.columns())));
            String joined =
                    called(keys.get(0).to()) + " and " + called(keys.get(1).to());
            if (unique && own.isEmpty()) {
                candidates
                        .computeIfAbsent(keys.get(0).to(), to -> new ArrayList<>())
                        .add(manyToMany(join, keys.get(0), keys.get(1)));
                candidates
                        .computeIfAbsent(keys.get(1).to(), to -> new ArrayList<>())
                        .add(manyToMany(join, keys.get(1), keys.get(0)));
            } else if (unique) {
                note(
                        join,
                        "no many_to_many of " + joined + ": it has columns of its own (" + String.join(", ", own)
                                + "), which only has_many shows");
            } else if (own.isEmpty()) {
                note(join, "no many_to_many of " + joined + ": no unique key says that a pair is there once");
            }
        }

        private Candidate manyToMany(Table join, Reference owner, Reference related) {
            String name = EnglishNoun.plural(
                    owner.to().equals(related.to())
                            ? related.belongsTo()
                            : related.to().name());
            String through = name + "_through_" + join.name().name();
            Map<String, List<String>> members = new LinkedHashMap<>();
            members.put("kind", List.of("many_to_many"));
            members.put("table", List.of(called(related.to())));
            members.put("through", List.of(called(join.name())));
            members.put("owner_key", owner.columns());
            members.put("related_key", related.columns());
            return new Candidate(
                    related.to(),
                    related.columns(),
                    List.of(name, through, through + "_by_" + joined(related.columns())),
                    members,
                    null);
        }

        /** Gives each the first of its names that nothing else of its table wants. */
        private Map<TableName, Map<Candidate, String>> name(Map<TableName, List<Candidate>> candidates) {
            Map<TableName, Map<Candidate, String>> all = new TreeMap<>();
            candidates.forEach((table, those) -> all.put(table, name(table, those)));
            return all;
        }

        private Map<Candidate, String> name(TableName table, List<Candidate> all) {
            Set<String> used = of(taken, table);
            Map<Candidate, String> named = new LinkedHashMap<>();
            for (int level = 0; level < 3; level++) {
                int form = level;
                Map<String, Long> wanted = all.stream()
                        .filter(candidate -> !named.containsKey(candidate))
                        .collect(Collectors.groupingBy(
                                candidate -> accepted(candidate.names().get(form)), Collectors.counting()));
                wanted.keySet().removeAll(used);
                for (Candidate candidate : all) {
                    String name = accepted(candidate.names().get(form));
                    if (!named.containsKey(candidate) && wanted.getOrDefault(name, 0L) == 1) {
                        named.put(candidate, name);
                        used.add(name);
                    }
                }
            }
            for (Candidate candidate : all) {
                String name = named.computeIfAbsent(candidate, left -> numbered(left, used));
                String first = accepted(candidate.names().get(0));
                String note = candidate.note() == null && !name.equals(first)
                        ? "more than one association would be called " + first
                        : candidate.note();
                of(associations, table).add(new DraftAssociation(name, candidate.members(), note));
            }
            return named;
        }

        private static String numbered(Candidate candidate, Set<String> used) {
            String name = accepted(candidate.names().get(2));
            int number = 2;
            while (!used.add(name + "_" + number)) {
                number++;
            }
            return name + "_" + number;
        }

        /** Associations are listed, and walked, by names with commas and dots between them. */
        private static String accepted(String name) {
            String accepted = name.replaceAll("[^\\p{L}\\p{M}\\p{N}_-]+", "_");
            return accepted.equals(name) ? name : accepted.replaceAll("(?<=.)_$|^_(?=.)", "");
        }

        private static String joined(List<String> columns) {
            return String.join("_", columns);
        }

        private void note(Table table, String note) {
            of(tableNotes, table.name()).add(note);
        }

        private String called(TableName table) {
            return withSchema ? table.toString() : table.name();
        }

        private static <V> V of(Map<TableName, V> map, TableName table) {
            V value = map.get(table);
            if (value == null) {
                throw new IllegalStateException("no table " + table);
            }
            return value;
        }
    }
}
