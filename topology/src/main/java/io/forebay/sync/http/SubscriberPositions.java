package io.forebay.sync.http;

import io.forebay.routing.PositionNotReachedException;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.position.Position;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.channel.query.SentCounts;
import io.forebay.sync.channel.query.SentCounts.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where subscribers have to be to have heard of what is at a position. What goes from one stage to the next is numbered, so it is followed
 * hop by hop: definitions tell how many commands they have sent by their position, rows how many changes; places, once these have arrived,
 * how many answers they have sent to each other, and once those have arrived, how many deliveries to subscribers, which wait for all of
 * them. What follows from it again, such as what a row leads to that a subscriber follows from then on, comes after.
 */
final class SubscriberPositions {

    private static final long AGAIN_MS = 10;

    private final Router router;
    private final StoreRef rows;
    private final StoreRef places;
    private final StoreRef definitions;
    private final StoreRef subscribers;
    private final Duration timeout;
    private final LongSupplier nanoTime;

    SubscriberPositions(
            Router router,
            StoreRef rows,
            StoreRef places,
            StoreRef definitions,
            StoreRef subscribers,
            Duration timeout,
            LongSupplier nanoTime) {
        this.router = router;
        this.rows = rows;
        this.places = places;
        this.definitions = definitions;
        this.subscribers = subscribers;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    /** The numbers of what went to each partition of a stage, by the partition that sent it. */
    private static final class Numbers {

        private final Map<Integer, Map<Integer, Long>> byReceiver = new TreeMap<>();

        synchronized void add(int sender, Map<Integer, Long> numbers) {
            numbers.forEach((receiver, number) -> byReceiver
                    .computeIfAbsent(receiver, first -> new TreeMap<>())
                    .put(sender, number));
        }

        synchronized Map<Integer, Long> to(int receiver) {
            return Map.copyOf(byReceiver.getOrDefault(receiver, Map.of()));
        }
    }

    /**
     * Waits until subscribers have heard of a position.
     *
     * @param partitions of subscribers that matter
     * @return their position then; fails with a {@link PositionNotReachedException}
     */
    CompletionStage<Position> reached(Position position, Iterable<Integer> partitions) {
        return new Wait(position).start(partitions);
    }

    /**
     * Waits until what was asked for at a position holds: a change that is told after that finds it at the places.
     *
     * @param partition of the subscriber
     * @return fails with a {@link PositionNotReachedException}
     */
    CompletionStage<?> holds(Position position, int partition) {
        return new Wait(position).holds(partition);
    }

    private final class Wait {

        private final Position position;
        private final ReadOptions options;
        private final long deadline = nanoTime.getAsLong() + timeout.toNanos();

        Wait(Position position) {
            this.position = position;
            this.options = ReadOptions.within(timeout).atLeast(position);
        }

        CompletionStage<Position> start(Iterable<Integer> partitions) {
            Numbers commands = new Numbers();
            Numbers deliveries = new Numbers();
            CompletionStage<?> told = sent(definitions, Stage.SUBSCRIBERS, commands)
                    .thenCombine(changes(deliveries), (one, other) -> one);
            return told.thenCompose(done -> subscribers(commands, deliveries, partitions));
        }

        CompletionStage<?> holds(int partition) {
            Numbers commands = new Numbers();
            return sent(definitions, Stage.SUBSCRIBERS, commands)
                    .thenCompose(done -> arrived(
                            subscribers,
                            partition,
                            new SentCounts(
                                    Stage.PLACES, List.of(new Arrival(Stage.SUBSCRIPTIONS, commands.to(partition)))),
                            -1))
                    .thenCompose(sent -> all(sent.numbers().entrySet().stream()
                            .map(interests -> arrived(
                                    places,
                                    interests.getKey(),
                                    new SentCounts(
                                            Stage.PLACES,
                                            List.of(new Arrival(
                                                    Stage.SUBSCRIBERS, Map.of(partition, interests.getValue())))),
                                    -1))
                            .toList()));
        }

        /** What partitions that the position speaks of have sent. */
        private CompletionStage<?> sent(StoreRef store, Stage to, Numbers numbers) {
            List<CompletionStage<?>> asked = new ArrayList<>();
            for (TopicPartition partition :
                    position.ofTopic(store.source().name()).offsets().keySet()) {
                asked.add(router.ask(store, partition.partition(), new SentCounts(to), options)
                        .thenAccept(answer -> numbers.add(
                                partition.partition(), answer.value().numbers())));
            }
            return all(asked);
        }

        private CompletionStage<?> changes(Numbers deliveries) {
            if (position.ofTopic(rows.source().name()).offsets().isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            Numbers changes = new Numbers();
            Numbers answers = new Numbers();
            return sent(rows, Stage.PLACES, changes)
                    .thenCompose(done -> places(Stage.PLACES, changes, new Numbers(), answers))
                    .thenCompose(done -> places(Stage.SUBSCRIBERS, changes, answers, deliveries));
        }

        private CompletionStage<?> places(Stage to, Numbers changes, Numbers answers, Numbers numbers) {
            List<CompletionStage<?>> asked = new ArrayList<>();
            for (int partition = 0; partition < places.source().partitions(); partition++) {
                int sender = partition;
                SentCounts query = new SentCounts(
                        to,
                        List.of(
                                new Arrival(Stage.ROWS, changes.to(partition)),
                                new Arrival(Stage.PLACES, answers.to(partition))));
                asked.add(
                        arrived(places, partition, query, -1).thenAccept(sent -> numbers.add(sender, sent.numbers())));
            }
            return all(asked);
        }

        private CompletionStage<Position> subscribers(
                Numbers commands, Numbers deliveries, Iterable<Integer> partitions) {
            List<CompletableFuture<Position>> asked = new ArrayList<>();
            for (int partition : partitions) {
                SentCounts query = new SentCounts(
                        Stage.PLACES,
                        List.of(
                                new Arrival(Stage.SUBSCRIPTIONS, commands.to(partition)),
                                new Arrival(Stage.PLACES, deliveries.to(partition))));
                asked.add(arrived(subscribers, partition, query, -1)
                        .thenApply(sent -> sent.position() < 0
                                ? Position.empty()
                                : Position.of(
                                        new TopicPartition(subscribers.source().name(), partition), sent.position()))
                        .toCompletableFuture());
            }
            return all(asked)
                    .thenApply(done ->
                            asked.stream().map(CompletableFuture::join).reduce(Position.empty(), Position::merge));
        }

        /**
         * Waits until all has arrived, and what was put off by then is done.
         *
         * @param settled the position up to which nothing may be put off any more; -1 until all has arrived
         */
        private CompletionStage<SentCounts.Sent> arrived(
                StoreRef store, int partition, SentCounts query, long settled) {
            return router.ask(store, partition, query, ReadOptions.within(timeout))
                    .thenCompose(answer -> {
                        SentCounts.Sent sent = answer.value();
                        long until = sent.behind() || settled >= 0 ? settled : sent.position();
                        if (!sent.behind() && sent.deferredSince() > until) {
                            return CompletableFuture.completedFuture(sent);
                        }
                        if (nanoTime.getAsLong() - deadline >= 0) {
                            return CompletableFuture.failedFuture(new PositionNotReachedException(
                                    new TopicPartition(store.source().name(), partition)));
                        }
                        return CompletableFuture.runAsync(
                                        () -> {}, CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS))
                                .thenCompose(later -> arrived(store, partition, query, until));
                    });
        }
    }

    private static CompletableFuture<@Nullable Void> all(List<? extends CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }
}
