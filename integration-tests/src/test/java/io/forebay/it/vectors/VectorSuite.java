package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** The vectors of some areas and what runs them: the same expectations on both sides. */
final class VectorSuite {
    /** Several at once over HTTP, where most of the time goes into waiting for groups to form. */
    private static final int CONCURRENT = 8;

    /** Where a vector runs. */
    enum Side {
        IN_PROCESS,
        OVER_HTTP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("http", "HTTP");
        }
    }

    /** What a vector showed on one side; no differences means it passed. */
    record Outcome(Vector vector, Side side, List<String> differences) {
        boolean passed() {
            return differences.isEmpty();
        }
    }

    private final List<Vector> vectors;
    private final Map<String, Area> areas;

    private VectorSuite(List<Vector> vectors, Map<String, Area> areas) {
        this.vectors = vectors;
        this.areas = areas;
    }

    /**
     * The vectors of the wanted areas in a folder, all that have an adapter when none is named.
     *
     * @throws IllegalArgumentException when an area is named that has no adapter or no vectors
     */
    static VectorSuite of(Path folder, Set<String> wanted) {
        List<Vector> all = Vector.read(folder);
        JsonNode models = models(folder);
        Map<String, Area> areas = areas(
                new PresenceArea(),
                new KeysArea(),
                new CacheArea(),
                new EventsArea(),
                RecordArea.sync(models),
                RecordArea.watch(models));
        Set<String> present = new TreeSet<>(all.stream().map(Vector::area).toList());
        for (String area : wanted) {
            if (!areas.containsKey(area) || !present.contains(area)) {
                throw new IllegalArgumentException("area " + area + ": expected one of " + areas.keySet()
                        + ", with vectors in the folder (it has " + present + ")");
            }
        }
        Set<String> chosen = wanted.isEmpty() ? areas.keySet() : wanted;
        return new VectorSuite(
                all.stream().filter(vector -> chosen.contains(vector.area())).toList(), areas);
    }

    private static JsonNode models(Path folder) {
        Path file = folder.resolve("models.json");
        return Files.exists(file) ? Json.parse(file).required("models") : Json.object();
    }

    List<Vector> on(Side side) {
        return side == Side.IN_PROCESS
                ? vectors
                : vectors.stream()
                        .filter(vector -> area(vector).runsOverHttp(vector))
                        .toList();
    }

    /** A vector that runs, or waits for its turn. */
    record Started(Vector vector, Future<Outcome> running) {
        Outcome outcome() {
            try {
                return running.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Runs everything, in process first. */
    List<Outcome> run() {
        List<Outcome> outcomes = new ArrayList<>();
        for (Side side : Side.values()) {
            start(side).forEach(started -> outcomes.add(started.outcome()));
        }
        return outcomes;
    }

    /** Begins to run everything on one side. */
    List<Started> start(Side side) {
        ExecutorService pool = Executors.newFixedThreadPool(side == Side.OVER_HTTP ? CONCURRENT : 1);
        List<Vector> those = on(side);
        AtomicInteger left = new AtomicInteger(those.size());
        List<Started> started = those.stream()
                .map(vector -> new Started(vector, pool.submit(() -> run(vector, side, left))))
                .toList();
        // It takes nothing more, finishes what it has, and ends.
        pool.shutdown();
        return started;
    }

    /** Runs one; the last one that is left releases what they had in common. */
    private Outcome run(Vector vector, Side side, AtomicInteger left) {
        Outcome outcome = run(vector, side);
        if (left.decrementAndGet() == 0) {
            areas.values().forEach(Area::release);
        }
        return outcome;
    }

    private Outcome run(Vector vector, Side side) {
        List<String> differences = new ArrayList<>();
        try (SystemUnderTest system = side == Side.IN_PROCESS
                ? area(vector).inProcess()
                : area(vector).overHttp(vector)) {
            for (int i = 0; i < vector.given().size(); i++) {
                JsonNode operation = vector.given().get(i);
                JsonNode answer = system.perform(operation);
                String step = "step " + i + " " + operation.path("op").asText() + " ";
                JsonNode expected = vector.then().get(i);
                Json.differences(expected, area(vector).comparable(expected, answer))
                        .forEach(line -> differences.add(step + line));
            }
        } catch (Exception | AssertionError e) {
            differences.add("broke off: " + e);
        }
        return new Outcome(vector, side, differences);
    }

    private Area area(Vector vector) {
        Area area = areas.get(vector.area());
        if (area == null) {
            throw new IllegalArgumentException(vector.id() + ": no adapter for area " + vector.area());
        }
        return area;
    }

    private static Map<String, Area> areas(Area... areas) {
        Map<String, Area> byName = new TreeMap<>();
        for (Area area : areas) {
            byName.put(area.name(), area);
        }
        return byName;
    }
}
