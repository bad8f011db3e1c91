package io.forebay.it.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A guild of a million presences ({@code -Dscale=full}; fewer otherwise), brought in bulks of 100 thousand, and another guild beside. */
class LargeGuildIT {
    private static final boolean FULL = "full".equals(System.getProperty("scale"));
    private static final int BULK = FULL ? 100_000 : 25_000;
    private static final int SIZE = FULL ? 1_000_000 : 50_000;
    private static final String LARGE = "500";
    private static final String SMALL = "501";

    /** No record takes longer than two seconds; a caller of the same partition may wait for one of them and its own. */
    private static final Duration HELD_UP = Duration.ofSeconds(5);

    @Test
    void largeGuildComesIsListedAndGoesWhileOthersAnswer() {
        try (ForebayStack stack = ForebayStack.start(ClusterProvider.shared());
                PresenceTopics topics = new PresenceTopics(stack)) {
            ForebayClient client = stack.client();
            PresenceCalls calls = new PresenceCalls(client);

            CompletableFuture<String> bulks = CompletableFuture.supplyAsync(() -> bring(client));
            Duration longest = longestWriteUntil(client, bulks);
            String position = bulks.join();

            assertThat(total(calls, position)).isEqualTo(SIZE);
            assertThat(calls.list("guild=" + LARGE, 1000, position).presences()).hasSize(SIZE);
            assertThat(longest).isLessThan(HELD_UP);

            Reply purged = client.delete("/v1/presences/" + LARGE).orFail();

            assertThat(total(calls, String.valueOf(purged.position()))).isZero();
            assertThat(client.get(PresenceCalls.path(SMALL, "1")).status()).isEqualTo(200);
            await("every arrival and departure to be told once")
                    .atMost(Duration.ofSeconds(FULL ? 600 : 90))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(topics.changes().stream()
                                    .filter(change ->
                                            change.value().getGuildId().equals(LARGE))
                                    .count())
                            .isEqualTo(2L * SIZE));
        }
    }

    private static String bring(ForebayClient client) {
        String position = "";
        for (int from = 0; from < SIZE; from += BULK) {
            StringBuilder body = new StringBuilder("{\"presences\":[");
            for (int user = from; user < from + BULK; user++) {
                body.append(user == from ? "" : ",")
                        .append("{\"user\":{\"id\":\"")
                        .append(1_000_000_000_000_000L + user)
                        .append("\"},\"status\":\"")
                        .append(user % 2 == 0 ? "online" : "idle")
                        .append("\",\"activities\":[],\"client_status\":{\"desktop\":\"online\"}}");
            }
            Reply reply = client.call("POST", "/v1/presences/" + LARGE)
                    .json(body.append("]}").toString())
                    .prefer("wait=60")
                    .send()
                    .orFail();
            position = String.valueOf(reply.position());
        }
        return position;
    }

    private static Duration longestWriteUntil(ForebayClient client, CompletableFuture<?> done) {
        List<Duration> taken = new ArrayList<>();
        do {
            long before = System.nanoTime();
            client.put(
                            PresenceCalls.path(SMALL, "1"),
                            "{\"user\":{\"id\":\"1\"},\"status\":\"" + (taken.size() % 2 == 0 ? "idle" : "dnd") + "\"}")
                    .orFail();
            taken.add(Duration.ofNanos(System.nanoTime() - before));
        } while (!done.isDone());
        return taken.stream().max(Duration::compareTo).orElseThrow();
    }

    private static int total(PresenceCalls calls, String position) {
        return calls.counts(LARGE, position).orFail().json().required("total").asInt();
    }
}
