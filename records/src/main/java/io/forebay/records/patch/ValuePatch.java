package io.forebay.records.patch;

import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Value;
import io.forebay.records.value.ValueJson;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What makes the JSON form of one value ({@link ValueJson}) that of another: a JSON Patch (RFC 6902).
 *
 * <p>Records are told apart by what they are and not by where they are: one that moves within a list is moved, and one that changed is
 * changed by its columns. A row that is the same is not looked into, so what the patch costs besides a walk through both values is what
 * differs.
 */
public final class ValuePatch {

    private final List<String> operations = new ArrayList<>();

    private ValuePatch() {}

    /**
     * The text of the patch: a JSON array of operations, none where the values are the same. It is of {@code remove}, {@code add},
     * {@code replace} and {@code move} alone, to be applied in their order.
     */
    public static String between(Value from, Value to) {
        ValuePatch patch = new ValuePatch();
        patch.compare("", from, to);
        return "[" + String.join(",", patch.operations) + "]";
    }

    private void compare(String pointer, Value from, Value to) {
        if (from instanceof Value.Loaded was && to instanceof Value.Loaded is && isSameForm(was, is)) {
            compare(pointer + "/row", was.row(), is.row());
            was.associations().forEach((name, value) -> {
                Value next = Objects.requireNonNull(is.associations().get(name), "of the same form");
                compare(pointer + "/assocs/" + escape(name), value, next);
            });
        } else if (from instanceof Value.Items was
                && to instanceof Value.Items is
                && isOfRecords(was)
                && isOfRecords(is)) {
            new Sequence(pointer, was).become(is);
        } else if (!from.equals(to)) {
            write("replace", pointer, to);
        }
    }

    private static boolean isSameForm(Value.Loaded was, Value.Loaded is) {
        return was.id().equals(is.id())
                && was.associations().keySet().equals(is.associations().keySet());
    }

    /** Whether a list is of records, each of which is in it once. */
    private static boolean isOfRecords(Value.Items items) {
        return items.values().stream().allMatch(Value.Loaded.class::isInstance)
                && ids(items).size() == items.values().size();
    }

    private static Set<RecordId> ids(Value.Items items) {
        return items.values().stream().map(value -> ((Value.Loaded) value).id()).collect(Collectors.toSet());
    }

    private void compare(String pointer, Row was, Row is) {
        if (was.equals(is)) {
            return;
        }
        Map<String, JsonValue> gone = columns(was.columns());
        for (JsonObject.Member column : is.columns().members()) {
            JsonValue before = gone.remove(column.name());
            if (before == null || !before.raw().equals(column.value().raw())) {
                String op = before == null ? "add" : "replace";
                write(op, pointer + "/" + escape(column.name()), column.value().raw());
            }
        }
        removeAll(pointer, gone.keySet());
    }

    private static Map<String, JsonValue> columns(JsonObject row) {
        Map<String, JsonValue> columns = new HashMap<>();
        row.members().forEach(column -> columns.put(column.name(), column.value()));
        return columns;
    }

    private void removeAll(String pointer, Collection<String> names) {
        names.stream().sorted().forEach(name -> operate("remove", pointer + "/" + escape(name), ""));
    }

    private void write(String op, String pointer, Value value) {
        write(op, pointer, ValueJson.write(value).raw());
    }

    private void write(String op, String pointer, String value) {
        operate(op, pointer, ",\"value\":" + value);
    }

    private void operate(String op, String pointer, String more) {
        operations.add(
                "{\"op\":\"" + op + "\",\"path\":" + JsonValue.ofText(pointer).raw() + more + "}");
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** A list of records on its way to be another. */
    private final class Sequence {

        private final String pointer;
        private final List<Value.Loaded> now = new ArrayList<>();

        Sequence(String pointer, Value.Items from) {
            this.pointer = pointer;
            from.values().forEach(value -> now.add((Value.Loaded) value));
        }

        void become(Value.Items to) {
            Map<RecordId, Integer> places = new HashMap<>();
            to.values().forEach(value -> places.put(((Value.Loaded) value).id(), places.size()));
            for (int i = now.size() - 1; i >= 0; i--) {
                if (!places.containsKey(now.get(i).id())) {
                    now.remove(i);
                    operate("remove", at(i), "");
                }
            }
            for (int i = 0; i < to.values().size(); i++) {
                settle(i, (Value.Loaded) to.values().get(i), places);
            }
        }

        /** Before a place all is as it is to be. */
        private void settle(int place, Value.Loaded wanted, Map<RecordId, Integer> places) {
            if (!isAt(place, wanted) && isAt(place + 1, wanted)) {
                // One that goes further back is moved once, rather than all behind it.
                int back = Math.min(places.getOrDefault(now.get(place).id(), 0), now.size() - 1);
                move(place, Math.max(back, place + 1));
            }
            if (!isAt(place, wanted)) {
                int found = find(wanted, place);
                if (found < 0) {
                    now.add(place, wanted);
                    write("add", at(place), wanted);
                    return;
                }
                move(found, place);
            }
            compare(at(place), now.get(place), wanted);
        }

        private boolean isAt(int place, Value.Loaded wanted) {
            return place < now.size() && now.get(place).id().equals(wanted.id());
        }

        private int find(Value.Loaded wanted, int from) {
            for (int i = from; i < now.size(); i++) {
                if (isAt(i, wanted)) {
                    return i;
                }
            }
            return -1;
        }

        private void move(int from, int to) {
            now.add(to, now.remove(from));
            operate("move", at(to), ",\"from\":" + JsonValue.ofText(at(from)).raw());
        }

        private String at(int place) {
            return pointer + "/" + place;
        }
    }
}
