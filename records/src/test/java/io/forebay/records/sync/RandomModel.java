package io.forebay.records.sync;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.model.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Models with everything in them: keys of one and two columns, several associations over one pair of tables, inverse ones over the same columns,
 * self-references, join tables with and without a key of their own, declared or not, keys that are foreign keys too, conditions, orders, and
 * paths of all of these.
 */
public final class RandomModel {

    /** What a model allows is 16; more than this only makes them slow to load. */
    private static final int MAX_STEPS = 9;

    private static final String[] CONDITIONS = {
        "\"a\"",
        "null",
        "{\"in\":[\"a\",\"b\"]}",
        "{\"in\":[\"a\",null]}",
        "{\"not\":\"a\"}",
        "{\"not\":null}",
        "{\"not\":{\"in\":[\"a\",\"c\"]}}",
        "{\"in\":[]}"
    };

    private final Random random;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    private final List<Way> ways = new ArrayList<>();

    private RandomModel(Random random) {
        this.random = random;
    }

    /** An association so far, and how many it is when it is written out. */
    private record Way(String owner, String name, String table, int steps) {}

    private record Draft(String name, List<String> key, Set<String> columns, Map<String, String> associations) {
        String text() {
            return string(name) + ":{\"pk\":" + list(key) + ",\"columns\":" + list(columns) + ",\"assocs\":"
                    + object(associations) + "}";
        }
    }

    private Draft draft(String table) {
        return Objects.requireNonNull(drafts.get(table));
    }

    /** One of them. */
    public static Model of(Random random) {
        return ModelFile.parse(new RandomModel(random).text());
    }

    private String text() {
        int tables = 1 + random.nextInt(4);
        for (int i = 0; i < tables; i++) {
            addTable("t" + i, random.nextInt(4) == 0 ? List.of("k", "l") : List.of("k"));
        }
        List<String> entities = List.copyOf(drafts.keySet());
        int count = 2 + random.nextInt(7);
        for (int i = 0; i < count; i++) {
            addDirect(i, entities.get(random.nextInt(tables)), entities.get(random.nextInt(tables)));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            addThrough("path" + i);
        }
        StringJoiner text = new StringJoiner(",", "{\"tables\":{", "}}");
        drafts.values().forEach(draft -> text.add(draft.text()));
        return text.toString();
    }

    private void addTable(String name, List<String> key) {
        Draft draft = new Draft(name, key, new LinkedHashSet<>(key), new LinkedHashMap<>());
        draft.columns().addAll(List.of("v", "w"));
        drafts.put(name, draft);
    }

    private void addDirect(int number, String owner, String table) {
        String name = "a" + number;
        switch (random.nextInt(5)) {
            case 0 -> {
                List<String> key = foreignKey(number, owner, table);
                add(owner, name, table, "\"kind\":\"belongs_to\",\"fk\":" + list(key) + where());
                if (random.nextBoolean()) {
                    add(table, name + "s", owner, "\"kind\":\"has_many\",\"fk\":" + list(key) + where() + order());
                }
            }
            case 1, 2 ->
                add(
                        owner,
                        name,
                        table,
                        "\"kind\":\"has_many\",\"fk\":" + list(foreignKey(number, table, owner)) + where() + order());
            case 3 ->
                add(
                        owner,
                        name,
                        table,
                        "\"kind\":\"has_one\",\"fk\":" + list(foreignKey(number, table, owner)) + where() + order());
            default -> addManyToMany(number, name, owner, table);
        }
    }

    /** Columns of a table that hold the key of another: of their own, as a rule, sometimes its primary key. */
    private List<String> foreignKey(int number, String holder, String held) {
        if (draft(holder).key().size() == draft(held).key().size() && random.nextInt(8) == 0) {
            return draft(holder).key();
        }
        List<String> key = keyColumns("f" + number, held);
        draft(holder).columns().addAll(key);
        return key;
    }

    private List<String> keyColumns(String prefix, String held) {
        return draft(held).key().stream().map(column -> prefix + column).toList();
    }

    private void addManyToMany(int number, String name, String owner, String table) {
        String join = "j" + number;
        List<String> ownerKey = keyColumns("o", owner);
        List<String> relatedKey = keyColumns("r", table);
        List<String> both = new ArrayList<>(ownerKey);
        both.addAll(relatedKey);
        // With a key of its own, with the pair for a key, or not declared at all.
        int form = random.nextInt(3);
        if (form < 2) {
            addTable(join, form == 0 ? List.of("k") : both);
            draft(join).columns().addAll(both);
        }
        String through = "\"kind\":\"many_to_many\",\"through\":" + string(join);
        add(owner, name, table, through + pair(ownerKey, relatedKey) + where() + order());
        if (random.nextBoolean()) {
            add(table, name + "s", owner, through + pair(relatedKey, ownerKey) + where() + order());
        }
        if (form == 0 && random.nextBoolean()) {
            add(owner, name + "joins", join, "\"kind\":\"has_many\",\"fk\":" + list(ownerKey) + where() + order());
        }
    }

    private static String pair(List<String> ownerKey, List<String> relatedKey) {
        return ",\"owner_key\":" + list(ownerKey) + ",\"related_key\":" + list(relatedKey);
    }

    private void add(String owner, String name, String table, String members) {
        draft(owner).associations().put(name, "{" + members + ",\"table\":" + string(table) + "}");
        ways.add(new Way(owner, name, table, 1));
    }

    private void addThrough(String name) {
        Way first = ways.get(random.nextInt(ways.size()));
        List<String> path = new ArrayList<>(List.of(first.name()));
        Way last = first;
        int steps = first.steps();
        for (int i = random.nextInt(3); i > 0; i--) {
            String from = last.table();
            int most = MAX_STEPS - steps;
            List<Way> next = ways.stream()
                    .filter(way -> way.owner().equals(from) && way.steps() <= most)
                    .toList();
            if (!next.isEmpty()) {
                last = next.get(random.nextInt(next.size()));
                path.add(last.name());
                steps += last.steps();
            }
        }
        draft(first.owner())
                .associations()
                .put(name, "{\"kind\":\"has_through\",\"path\":" + list(path) + order() + "}");
        ways.add(new Way(first.owner(), name, last.table(), steps));
    }

    private String where() {
        if (random.nextInt(3) > 0) {
            return "";
        }
        String second = random.nextInt(4) == 0 ? ",\"w\":{\"not\":1}" : "";
        return ",\"where\":{\"v\":" + CONDITIONS[random.nextInt(CONDITIONS.length)] + second + "}";
    }

    private String order() {
        return switch (random.nextInt(6)) {
            case 0 -> ",\"order\":[[\"v\",\"asc\"]]";
            case 1 -> ",\"order\":[[\"w\",\"desc\"],[\"v\",\"asc\"]]";
            case 2 -> ",\"order\":[[\"v\",\"desc\"]]";
            default -> "";
        };
    }

    private static String object(Map<String, String> members) {
        StringJoiner object = new StringJoiner(",", "{", "}");
        members.forEach((name, value) -> object.add(string(name) + ":" + value));
        return object.toString();
    }

    private static String list(Iterable<String> names) {
        StringJoiner list = new StringJoiner(",", "[", "]");
        names.forEach(name -> list.add(string(name)));
        return list.toString();
    }

    private static String string(String text) {
        return "\"" + text + "\"";
    }

    /** Tables of a model with associations to load, or all when none has any. */
    public static List<Table> roots(Model model) {
        List<Table> all = List.copyOf(model.tables().values());
        List<Table> associated =
                all.stream().filter(table -> !table.associations().isEmpty()).toList();
        return associated.isEmpty() ? all : associated;
    }
}
