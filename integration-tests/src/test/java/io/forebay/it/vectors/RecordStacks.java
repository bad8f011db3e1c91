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

    private static final int MOST_OF_A_MODEL = 3;

    private final Map<String, Deque<ForebayStack>> idle = new HashMap<>();
    private final Map<String, Integer> started = new HashMap<>();

    /**
     * One that nobody uses.
     *
     * @param name of the model
     * @param isUndefined whether watchers are required there, and nobody has ever defined any
     */
    ForebayStack take(String name, JsonNode model, boolean isUndefined) throws InterruptedException {
        String kind = kind(name, isUndefined);
        synchronized (this) {
            Deque<ForebayStack> those = idle.computeIfAbsent(kind, first -> new ArrayDeque<>());
            while (those.isEmpty() && started.getOrDefault(kind, 0) == MOST_OF_A_MODEL) {
                wait();
            }
            if (!those.isEmpty()) {
                return those.remove();
            }
            started.merge(kind, 1, Integer::sum);
        }
        try {
            ObjectNode document = model.deepCopy();
            document.remove("note");
            Map<String, String> settings = new TreeMap<>(Models.setting(Json.write(document)));
            settings.put("forebay.only", SyncConfig.CAPABILITY);
            settings.put("forebay.sync.watchers.required", Boolean.toString(isUndefined));
            return ForebayStack.small(ClusterProvider.shared(), settings);
        } catch (RuntimeException | Error e) {
            ended(kind);
            throw e;
        }
    }

    /** Takes one back that is empty again. */
    synchronized void giveBack(String name, boolean isUndefined, ForebayStack stack) {
        idle.computeIfAbsent(kind(name, isUndefined), first -> new ArrayDeque<>())
                .add(stack);
        notifyAll();
    }

    /** Stops one that cannot be used any more. */
    void discard(String name, boolean isUndefined, ForebayStack stack) {
        stack.close();
        ended(kind(name, isUndefined));
    }

    private static String kind(String name, boolean isUndefined) {
        return name + (isUndefined ? " without watchers" : "");
    }

    private synchronized void ended(String kind) {
        started.merge(kind, -1, Integer::sum);
        notifyAll();
    }

    /** Stops those that nobody uses. */
    @Override
    public synchronized void close() {
        idle.forEach((kind, those) -> {
            started.merge(kind, -those.size(), Integer::sum);
            those.forEach(ForebayStack::close);
            those.clear();
        });
    }
}
