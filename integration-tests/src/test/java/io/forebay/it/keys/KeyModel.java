package io.forebay.it.keys;

import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.DeleteKey;
import io.forebay.schemas.avro.DeleteKeys;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.TouchKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys of one partition as plain maps have them: commands in log order, time by their append times. */
final class KeyModel implements KeyLog.Model {
    private static final long NEVER = Long.MAX_VALUE;

    private final Map<String, Stored> keys = new TreeMap<>();
    private final Map<String, List<String>> told = new TreeMap<>();
    private final Map<Long, Answer> answers = new HashMap<>();

    /** @param expiresAt milliseconds since the epoch */
    record Stored(String value, long version, long ttl, long expiresAt) {}

    /**
     * What a command is answered with.
     *
     * @param status of HTTP
     * @param count of keys that were touched or deleted, 0 for other commands
     */
    record Answer(int status, int count) {}

    /** What there is, expired or not. */
    Map<String, Stored> keys() {
        return keys;
    }

    /** By key, what was told of it. */
    Map<String, List<String>> told() {
        return told;
    }

    /** By offset, what commands that clients of the test send are answered with. */
    Map<Long, Answer> answers() {
        return answers;
    }

    /** Lets expire what is due. */
    @Override
    public void tick(long now) {
        new ArrayList<>(keys.keySet()).forEach(key -> live(key, now));
    }

    @Override
    public void apply(KeyCommand command, long offset, long now) {
        Object asked = command.getCommand();
        if (asked instanceof PutKeys put) {
            answers.put(offset, put(put, offset, now));
        } else if (asked instanceof DeleteKeys delete) {
            answers.put(offset, delete(delete, now));
        } else if (asked instanceof TouchKeys touch) {
            answers.put(offset, touch(touch, now));
        } else if (asked instanceof DeleteMatch delete) {
            answers.put(offset, deleteMatch(PathMatch.parse(delete.getMatch()), now));
        }
    }

    private Answer put(PutKeys put, long offset, long now) {
        for (PutKey record : put.getRecords()) {
            if (!holds(record.getCondition(), record.getKey(), now)) {
                return new Answer(412, 0);
            }
        }
        Map<String, PutKey> last = new TreeMap<>();
        put.getRecords().forEach(record -> last.put(record.getKey(), record));
        last.forEach((key, record) -> {
            Stored before = live(key, now);
            Long ttl = record.getTtlMs();
            if (ttl != null && ttl == 0) {
                if (before != null) {
                    remove(key, "deleted");
                }
                return;
            }
            String value =
                    StandardCharsets.UTF_8.decode(record.getValue().duplicate()).toString();
            keys.put(key, new Stored(value, offset, ttl == null ? NEVER : ttl, ttl == null ? NEVER : now + ttl));
            tell(key, "put", value);
        });
        return new Answer(204, 0);
    }

    private Answer delete(DeleteKeys delete, long now) {
        for (DeleteKey record : delete.getRecords()) {
            if (!holds(record.getCondition(), record.getKey(), now)) {
                return new Answer(412, 0);
            }
        }
        for (DeleteKey record : delete.getRecords()) {
            if (live(record.getKey(), now) != null) {
                remove(record.getKey(), "deleted");
            }
        }
        return new Answer(204, 0);
    }

    private Answer touch(TouchKeys touch, long now) {
        int touched = 0;
        for (String key : touch.getKeys().stream().distinct().toList()) {
            Stored stored = live(key, now);
            if (stored != null) {
                touched++;
                if (stored.ttl() != NEVER) {
                    keys.put(key, new Stored(stored.value(), stored.version(), stored.ttl(), now + stored.ttl()));
                }
            }
        }
        return new Answer(200, touched);
    }

    private Answer deleteMatch(PathMatch match, long now) {
        int deleted = 0;
        for (String key : List.copyOf(keys.keySet())) {
            if (match.matches(Path.parse(key)) && live(key, now) != null) {
                remove(key, "deleted");
                deleted++;
            }
        }
        return new Answer(200, deleted);
    }

    private boolean holds(@Nullable Condition condition, String key, long now) {
        if (condition == null) {
            return true;
        }
        Stored stored = keys.get(key);
        Stored current = stored == null || stored.expiresAt() <= now ? null : stored;
        if (condition.getIfNoneMatchAny() && current != null) {
            return false;
        }
        List<String> match = condition.getIfMatch();
        return match == null
                || (current != null && (match.contains("*") || match.contains(Long.toString(current.version()))));
    }

    /** What is there and has not expired; what has is told as that. */
    private @Nullable Stored live(String key, long now) {
        Stored stored = keys.get(key);
        if (stored != null && stored.expiresAt() <= now) {
            remove(key, "expired");
            return null;
        }
        return stored;
    }

    private void remove(String key, String how) {
        Stored removed = keys.remove(key);
        if (removed != null) {
            tell(key, how, removed.value());
        }
    }

    private void tell(String key, String how, String value) {
        told.computeIfAbsent(key, k -> new ArrayList<>()).add(how + "=" + value);
    }
}
