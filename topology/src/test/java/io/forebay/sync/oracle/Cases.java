package io.forebay.sync.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.sync.LoadLimitException;
import io.forebay.store.StoreEngine;
import io.forebay.store.StoreEngineConfig;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Plays cases: when all is quiet, each subscriber, which knows nothing but what it was told, has what a fresh load of what it subscribed to
 * answers, and nothing that it was told is withheld by a rule. {@code -Dcases} sets how many, {@code -Dseed} where they begin; one that fails
 * names its own seed.
 */
final class Cases {

    private Cases() {}

    static void play(int byDefault, boolean areRemodelled) {
        int cases = Integer.getInteger("cases", byDefault);
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        int atOnce = Runtime.getRuntime().availableProcessors();
        List<CompletableFuture<Integer>> playing = IntStream.range(0, atOnce)
                .mapToObj(first -> CompletableFuture.supplyAsync(
                        () -> play(seed, first, atOnce, cases, areRemodelled),
                        work -> new Thread(work, "oracle-" + first).start()))
                .toList();
        int played = playing.stream().mapToInt(CompletableFuture::join).sum();
        assertThat(played).as("cases of those from seed %d", seed).isGreaterThan(cases * 8 / 10);
    }

    /** Plays every so many of the cases; how many did not grow too large. */
    private static int play(long seed, int first, int step, int cases, boolean areRemodelled) {
        int played = 0;
        try (StoreEngine engine = StoreEngine.create(new StoreEngineConfig(16 << 20))) {
            for (int i = first; i < cases; i += step) {
                try {
                    new Case(new Random(seed + i), areRemodelled, engine).play();
                    played++;
                } catch (LoadLimitException tooMuchToLoad) {
                    // Associations that lead to each other multiply; that is a model, not a fault.
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + (seed + i), e);
                }
            }
        }
        return played;
    }
}
