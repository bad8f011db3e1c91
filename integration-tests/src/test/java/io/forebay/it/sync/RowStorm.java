package io.forebay.it.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random changes of posts and their comments, which one writer owns: inserted, edited, moved from one parent to another, deleted, alone and
 * several in a transaction. It knows its rows, and tells of an update no more than what it changes.
 */
final class RowStorm {
    private static final String POSTS = "posts";
    private static final String COMMENTS = "comments";
    private static final int SEVERAL = 4;

    private final String name;
    private final long firstId;
    private final int users;
    private final Random random;
    private final Map<String, Map<String, Long>> rows = new TreeMap<>();
    private long made;
    private int calls;

    /**
     * Changes under a name.
     *
     * @param firstId ids from here on are its own
     * @param users the users that posts belong to are 1 to this one
     */
    RowStorm(String name, long firstId, int users, Random random) {
        this.name = name;
        this.firstId = firstId;
        this.users = users;
        this.random = random;
    }

    /** The body of the next call that tells of changes. */
    String next() {
        Map<String, String> changes = new LinkedHashMap<>();
        int several = random.nextInt(3) == 0 ? 2 + random.nextInt(SEVERAL - 1) : 1;
        for (int i = 0; i < several; i++) {
            addTo(changes);
        }
        calls++;
        String body = "{\"changes\":[" + String.join(",", changes.values()) + "]";
        return body + (several > 1 ? ",\"transaction\":\"" + name + "-" + calls + "\"}" : "}");
    }

    /** Under what the last body is told, once. */
    String idempotencyKey() {
        return name + "-" + calls;
    }

    /** The rows that are there by now, by their records. */
    Map<String, Map<String, Long>> rows() {
        return rows;
    }

    private void addTo(Map<String, String> changes) {
        List<String> posts = those(POSTS, changes.keySet());
        List<String> comments = those(COMMENTS, changes.keySet());
        int what = random.nextInt(12);
        if (posts.isEmpty() || what < 2) {
            insert(changes, POSTS, "user_id", 1L + random.nextInt(users));
        } else if (comments.isEmpty() || what < 4) {
            insert(changes, COMMENTS, "post_id", id(any(posts)));
        } else if (what < 6) {
            update(changes, any(posts), "user_id", 1L + random.nextInt(users));
        } else if (what < 8) {
            update(changes, any(comments), "post_id", id(any(posts)));
        } else if (what < 10) {
            update(changes, any(random.nextBoolean() ? posts : comments), "n", made++);
        } else {
            delete(changes, any(random.nextInt(3) == 0 ? posts : comments));
        }
    }

    private void insert(Map<String, String> changes, String table, String column, long value) {
        Map<String, Long> row = new LinkedHashMap<>(Map.of("id", firstId + made++));
        row.put(column, value);
        row.put("n", 0L);
        String record = table + "/" + row.get("id");
        rows.put(record, row);
        changes.put(record, change("inserted", record, row));
    }

    private void update(Map<String, String> changes, String record, String column, long value) {
        Objects.requireNonNull(rows.get(record)).put(column, value);
        changes.put(record, change("updated", record, Map.of("id", id(record), column, value)));
    }

    private void delete(Map<String, String> changes, String record) {
        rows.remove(record);
        changes.put(record, change("deleted", record, Map.of("id", id(record))));
    }

    private static String change(String op, String record, Map<String, Long> row) {
        List<String> columns = new ArrayList<>();
        row.forEach((column, value) -> columns.add("\"" + column + "\":" + value));
        return "{\"op\":\"" + op + "\",\"table\":\"" + record.substring(0, record.indexOf('/')) + "\",\"row\":{"
                + String.join(",", columns) + "}}";
    }

    /** Rows that are there and not changed by the call already. */
    private List<String> those(String table, Set<String> changed) {
        Set<String> those = new LinkedHashSet<>(rows.keySet());
        those.removeIf(row -> !row.startsWith(table + "/") || changed.contains(row));
        return List.copyOf(those);
    }

    private String any(List<String> records) {
        return records.get(random.nextInt(records.size()));
    }

    private static long id(String record) {
        return Long.parseLong(record.substring(record.indexOf('/') + 1));
    }
}
