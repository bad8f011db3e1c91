package io.forebay.sync.identifier;

import io.forebay.records.value.KeyText;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.RowEvent;
import io.forebay.records.watch.Scope;
import io.forebay.records.watch.WatcherName;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathSyntaxException;
import io.forebay.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the topic of subscriptions. The first part is the subscriber. Behind it stands what is subscribed to:
 *
 * <pre>
 * anna/watcher/posts/inserted
 * anna/watcher/posts/updated/record/7
 * anna/watcher/posts/inserted/column/user_id/42
 * anna/label/renamed/record/7
 * </pre>
 *
 * where the columns of a key are one part, a path in itself. The subscriber alone is the key of what concerns all that it subscribed
 * to, and {@code anna/all/3} of what does so on one partition. The partition is that of the whole key, so that one subscriber's many
 * subscriptions are on all of them, and each belongs to one.
 */
public final class IdentifierPath {

    /** The key of the definition of watchers. */
    public static final Path WATCHERS = Path.of("", "watchers");

    /** The longest name of a subscriber, in characters. */
    public static final int LONGEST_SUBSCRIBER = 512;

    /** What the names begin with that streams subscribe by which are given no name. */
    private static final String STREAM = "~stream/";

    private static final String WATCHER = "watcher";
    private static final String LABEL = "label";
    private static final String RECORD = "record";
    private static final String COLUMN = "column";
    private static final String ALL = "all";

    private IdentifierPath() {}

    /** The name of a stream as a subscriber. */
    public static String ofStream(String id) {
        return STREAM + id;
    }

    /** Whether a name is that of a stream; nobody else may have such a name. */
    public static boolean isOfStream(String subscriber) {
        return subscriber.startsWith(STREAM);
    }

    /** The key of an identifier of a subscriber. */
    public static Path of(String subscriber, Identifier identifier) {
        List<String> parts = new ArrayList<>();
        parts.add(subscriber);
        if (identifier.watcher() instanceof WatcherName.OfTable ofTable) {
            parts.addAll(List.of(WATCHER, ofTable.table(), ofTable.event().text()));
        } else {
            parts.addAll(List.of(LABEL, ((WatcherName.OfLabel) identifier.watcher()).label()));
        }
        if (identifier.scope() instanceof Scope.OneRecord record) {
            parts.add(RECORD);
            addValues(record.key(), parts);
        } else if (identifier.scope() instanceof Scope.Associated associated) {
            parts.add(COLUMN);
            parts.add(Path.of(associated.columns()).toString());
            addValues(associated.values(), parts);
        }
        return Path.of(parts);
    }

    private static void addValues(List<JsonValue> values, List<String> parts) {
        values.forEach(value -> parts.add(Objects.requireNonNull(KeyText.of(value), "identifiers have no nulls")));
    }

    /** The key of what concerns all that a subscriber subscribed to. */
    public static Path ofSubscriber(String subscriber) {
        return Path.of(subscriber);
    }

    /** The key of what concerns all that a subscriber subscribed to on one partition. */
    public static Path ofAll(String subscriber, int partition, TopicSpec subscriptions) {
        for (int number = 0; ; number++) {
            Path key = Path.of(subscriber, ALL, Integer.toString(number));
            if (subscriptions.partitionFor(key) == partition) {
                return key;
            }
        }
    }

    /** Whether a key is that of what concerns all that a subscriber subscribed to on one partition. */
    public static boolean isOfAll(Path key) {
        return key.size() == 3 && key.part(1).equals(ALL);
    }

    /**
     * The identifier of a key, its values as texts; null where it is none.
     *
     * @param key what begins with a subscriber
     */
    public static @Nullable Identifier identifier(Path key) {
        WatcherName name = null;
        int next = 0;
        if (key.size() >= 4 && key.part(1).equals(WATCHER)) {
            String table = key.part(2);
            name = RowEvent.of(key.part(3))
                    .map(event -> new WatcherName.OfTable(table, event))
                    .orElse(null);
            next = 4;
        } else if (key.size() >= 3 && key.part(1).equals(LABEL)) {
            name = new WatcherName.OfLabel(key.part(2));
            next = 3;
        }
        Scope scope = name == null ? null : scope(key, next);
        return name == null || scope == null ? null : new Identifier(name, scope);
    }

    private static @Nullable Scope scope(Path key, int next) {
        if (key.size() == next) {
            return Scope.EVERY_ROW;
        }
        if (key.part(next).equals(RECORD) && key.size() > next + 1) {
            return new Scope.OneRecord(values(key, next + 1));
        }
        List<String> columns =
                key.part(next).equals(COLUMN) && key.size() > next + 2 ? columns(key.part(next + 1)) : List.of();
        return columns.isEmpty() ? null : new Scope.Associated(columns, values(key, next + 2));
    }

    private static List<String> columns(String part) {
        try {
            return Path.parse(part).parts();
        } catch (PathSyntaxException e) {
            return List.of();
        }
    }

    private static List<JsonValue> values(Path key, int from) {
        return key.parts().subList(from, key.size()).stream()
                .map(JsonValue::ofText)
                .toList();
    }
}
