package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.json.Json;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.sync.Models;
import io.forebay.sync.SyncConfig;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Running Forebays by model, since a model is configuration. One at a time uses each, and leaves it as empty as it was. Safe for any number of
 * threads.
 */
final class RecordStacks implements AutoCloseable {

    private static final int MOST_OF_A_MODEL = 2;

    private final Map<String, Deque<ForebayStack>> idle = new HashMap<>();
    private final Map<String, Integer> started = new HashMap<>();

    /** One that nobody uses. */
    ForebayStack take(String name, JsonNode model) throws InterruptedException {
        synchronized (this) {
            Deque<ForebayStack> those = idle.computeIfAbsent(name, first -> new ArrayDeque<>());
            while (those.isEmpty() && started.getOrDefault(name, 0) == MOST_OF_A_MODEL) {
                wait();
            }
            if (!those.isEmpty()) {
                return those.remove();
            }
            started.merge(name, 1, Integer::sum);
        }
        try {
            ObjectNode document = model.deepCopy();
            document.remove("note");
            Map<String, String> settings = new TreeMap<>(Models.setting(Json.write(document)));
            settings.put("forebay.only", SyncConfig.CAPABILITY);
            return ForebayStack.small(ClusterProvider.shared(), settings);
        } catch (RuntimeException | Error e) {
            ended(name);
            throw e;
        }
    }

    /** Takes one back that is empty again. */
    synchronized void giveBack(String name, ForebayStack stack) {
        idle.computeIfAbsent(name, first -> new ArrayDeque<>()).add(stack);
        notifyAll();
    }

    /** Stops one that cannot be used any more. */
    void discard(String name, ForebayStack stack) {
        stack.close();
        ended(name);
    }

    private synchronized void ended(String name) {
        started.merge(name, -1, Integer::sum);
        notifyAll();
    }

    /** Stops those that nobody uses. */
    @Override
    public synchronized void close() {
        idle.forEach((name, those) -> {
            started.merge(name, -those.size(), Integer::sum);
            those.forEach(ForebayStack::close);
            those.clear();
        });
    }
}
