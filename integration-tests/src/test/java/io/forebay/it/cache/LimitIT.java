package io.forebay.it.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A limit that is lower when the deployment starts again: another instance, which restores what there was, keeps to it. */
class LimitIT {
    private static final String CACHE = "bounded";
    private static final String LIMIT = "forebay.cache.entries." + CACHE + ".max";
    private static final int FILLED = 30;
    private static final int OF_A_PARTITION = 3;

    @Test
    void aLowerLimitIsReachedByAnotherInstanceFromTheChangelog() {
        ForebayStack before =
                ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "keys", LIMIT, "200"));
        List<Integer> last = lastOfEachPartition(before.topics().keys());
        try {
            IntStream.range(0, FILLED).forEach(entry -> fill(before, entry));
        } finally {
            before.close();
        }

        try (ForebayStack after = before.another(Map.of(LIMIT, Integer.toString(last.size())))) {
            await("the others to be taken out")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> evictions(after) >= FILLED - last.size());

            assertThat(there(after)).containsExactlyElementsOf(last);
        }
    }

    private static void fill(ForebayStack stack, int entry) {
        CacheCalls calls = new CacheCalls(stack.client(), CACHE);
        calls.fill("e" + entry, CacheCalls.lease(calls.ask("e" + entry, "600", 0)), "1")
                .orFail();
    }

    private static List<Integer> lastOfEachPartition(TopicSpec keys) {
        List<Integer> last = new ArrayList<>();
        for (int partition = 0; partition < keys.partitions(); partition++) {
            int of = partition;
            IntStream.range(0, FILLED)
                    .boxed()
                    .sorted(Comparator.reverseOrder())
                    .filter(entry -> keys.partitionFor(Path.of("cache:" + CACHE, "e" + entry)) == of)
                    .limit(OF_A_PARTITION)
                    .forEach(last::add);
        }
        last.sort(Comparator.naturalOrder());
        return last;
    }

    private static List<Integer> there(ForebayStack stack) {
        CacheCalls calls = new CacheCalls(stack.client(), CACHE);
        return IntStream.range(0, FILLED)
                .filter(entry -> calls.ask("e" + entry, "600", 0).isSuccess())
                .boxed()
                .toList();
    }

    private static double evictions(ForebayStack stack) {
        return CacheCalls.evictions(stack.client(), CACHE);
    }
}
