package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.AtOnce;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.SyncConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How long subscriptions last: until their leases run out, and until all of a subscriber's are ended, on two instances. */
class SubscriptionLifetimesIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Long enough that a renewal a third of it later is not missed on a machine with much to do. */
    private static final int LEASE_MS = 4_000;

    private static final int ADDERS = 6;
    private static final int ADDED_BY_EACH = 15;

    private static final String MODEL = "tables: {posts: {columns: [id]}}";

    private static @Nullable ForebayStack stack;
    private static @Nullable TwoInstances both;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(ClusterProvider.shared(), Models.setting(MODEL));
        both = TwoInstances.with(stack, SyncConfig.CAPABILITY);
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(both).close();
    }

    private static ForebayClient first() {
        return Objects.requireNonNull(both).first();
    }

    private static ForebayClient second() {
        return Objects.requireNonNull(both).second();
    }

    private static Reply add(ForebayClient client, String subscriber, String body) {
        return client.post("/v1/subscriptions/" + subscriber + ":add", body.replace('\'', '"'))
                .orFail();
    }

    private static Reply lease(String subscriber, int leaseMs) {
        return add(first(), subscriber, "{'table':'posts','lease_ms':" + leaseMs + "}");
    }

    private static int subscriptions(String subscriber) {
        return second().get("/v1/subscriptions/" + subscriber)
                .orFail()
                .json()
                .path("identifiers")
                .size();
    }

    private static void awaitTheEnd(String subscriber) {
        await("the leases of " + subscriber + " to run out").atMost(SOON).until(() -> subscriptions(subscriber) == 0);
    }

    /** Another subscriber on the partition of one: there, what runs out earlier ends earlier. */
    private static String neighbour(String subscriber) {
        TopicSpec deliveries = Objects.requireNonNull(stack).topics().syncDeliveries();
        int partition = deliveries.partitionFor(Path.of(subscriber));
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> subscriber + i)
                .filter(name -> deliveries.partitionFor(Path.of(name)) == partition)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatNobodyRenewsEnds() {
        Reply leased = lease("anna", 1_000);

        awaitTheEnd("anna");

        assertThat(leased.json().path("identifiers")).hasSize(3);
        assertThat(second().get("/v1/subscriptions?table=posts&event=inserted").text())
                .doesNotContain("anna\"");
    }

    @Test
    void aStreamKeepsItAliveWhileItIsOpen() {
        try (EventStream berta = first().stream("/v1/subscriptions/berta?lease_ms=" + LEASE_MS, null)) {
            berta.until("caught-up", SOON);
            lease("berta", LEASE_MS);
            String neighbour = neighbour("berta");
            lease(neighbour, LEASE_MS);

            awaitTheEnd(neighbour);

            assertThat(subscriptions("berta")).isEqualTo(3);
        }

        awaitTheEnd("berta");
    }

    @Test
    void whatIsSubscribedToWithoutALeaseStays() {
        add(first(), "carl", "{'watcher':['posts','inserted']}");
        add(first(), "carl", "{'watcher':['posts','updated'],'lease_ms':1000}");

        await("the lease to run out").atMost(SOON).until(() -> subscriptions("carl") == 1);

        assertThat(second().get("/v1/subscriptions/carl").text())
                .isEqualTo("{\"identifiers\":[{\"watcher\":[\"posts\",\"inserted\"],\"id\":null}]}");
    }

    /** A call, from before it was sent until after it was answered. */
    private record Answered(
            int id, long begun, long ended, @Nullable String position) {}

    private static Answered timed(int id, Callable<Reply> call) throws Exception {
        long begun = System.nanoTime();
        Reply reply = call.call().orFail();
        return new Answered(id, begun, System.nanoTime(), reply.position());
    }

    @Test
    void whatIsAddedWhileAllIsEndedEitherWentOrStays() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        List<Callable<List<Answered>>> clients = new ArrayList<>();
        for (int i = 0; i < ADDERS; i++) {
            int from = i * ADDED_BY_EACH;
            ForebayClient client = i % 2 == 0 ? first() : second();
            clients.add(() -> {
                List<Answered> added = new ArrayList<>();
                for (int id = from; id < from + ADDED_BY_EACH; id++) {
                    String body = "{'watcher':['posts','updated'],'id':" + id + "}";
                    added.add(timed(id, () -> add(client, "dora", body)));
                    acknowledged.incrementAndGet();
                }
                return added;
            });
        }
        clients.add(() -> {
            List<Answered> ended = new ArrayList<>();
            for (int third = 1; third <= 2; third++) {
                int some = third * ADDERS * ADDED_BY_EACH / 3;
                await().atMost(SOON).until(() -> acknowledged.get() >= some);
                ended.add(timed(-1, () -> second().delete("/v1/subscriptions/dora")));
            }
            return ended;
        });

        List<Answered> all = AtOnce.run(clients).stream().flatMap(List::stream).toList();

        List<Answered> added = all.stream().filter(one -> one.id() >= 0).toList();
        long lastBegun = all.stream()
                .filter(one -> one.id() < 0)
                .mapToLong(Answered::begun)
                .max()
                .orElseThrow();
        long lastEnded = all.stream()
                .filter(one -> one.id() < 0)
                .mapToLong(Answered::ended)
                .max()
                .orElseThrow();
        Set<Integer> listed = listed(all);
        assertThat(listed)
                .containsAll(ids(
                        added.stream().filter(one -> one.begun() > lastEnded).toList()))
                .doesNotContainAnyElementsOf(ids(
                        added.stream().filter(one -> one.ended() < lastBegun).toList()));
        assertThat(told(listed.size())).isEqualTo(listed);
    }

    private static Set<Integer> ids(List<Answered> added) {
        return added.stream().map(Answered::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> listed(List<Answered> all) {
        Position position = Position.empty();
        for (Answered one : all) {
            position = position.merge(Position.parse(Objects.requireNonNull(one.position())));
        }
        Set<Integer> listed = new TreeSet<>();
        for (JsonNode identifier : first().get("/v1/subscriptions/dora", position.token())
                .orFail()
                .json()
                .path("identifiers")) {
            listed.add(identifier.path("id").asInt());
        }
        return listed;
    }

    /** The records that the subscriber hears of when all of them change. */
    private static Set<Integer> told(int count) {
        String changes = IntStream.range(0, ADDERS * ADDED_BY_EACH)
                .mapToObj(id -> "{'op':'inserted','table':'posts','row':{'id':" + id + "}},"
                        + "{'op':'updated','table':'posts','row':{'id':" + id + "}}")
                .collect(Collectors.joining(","))
                .replace('\'', '"');
        Set<Integer> told = new TreeSet<>();
        try (EventStream dora = first().stream("/v1/subscriptions/dora", null)) {
            dora.until("caught-up", SOON);
            first().post("/v1/changes", "{\"changes\":[" + changes + "]}").orFail();
            while (told.size() < count) {
                EventStream.Message message = dora.next(SOON);
                if (message.event().equals("change") && message.json().has("table")) {
                    told.add(message.json().at("/key/0").asInt());
                }
            }
        }
        return told;
    }
}
