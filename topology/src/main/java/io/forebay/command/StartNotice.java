package io.forebay.command;

import io.forebay.routing.StoreRef;
import io.forebay.schemas.path.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells partitions, when an instance starts, what the instance is configured with and decisions depend on: a replay has to decide by
 * what held then, so it has to be in the log. What is sent before any command of the instance is decided before them; where instances
 * differ the one that was started last is right. Goes on until it is decided, and hears who refuses.
 */
public final class StartNotice {

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final StoreRef store;
    private final CommandSender sender;
    private final Outcomes outcomes;
    private final Executor later;
    private final BooleanSupplier stopped;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /**
     * A notice.
     *
     * @param store the deciding one, whose input topic is told
     * @param later runs what is to be tried again, after a pause
     * @param stopped whether to give up
     */
    public StartNotice(
            StoreRef store, CommandSender sender, Outcomes outcomes, Executor later, BooleanSupplier stopped) {
        this.store = store;
        this.sender = sender;
        this.outcomes = outcomes;
        this.later = later;
        this.stopped = stopped;
    }

    /**
     * Sends a command to all partitions.
     *
     * @param value in the wire format of the topic
     * @return completes when all have decided, with whether none of them refused
     */
    public CompletionStage<Boolean> sendToPartitions(byte[] value) {
        List<CompletableFuture<Boolean>> decided = new ArrayList<>();
        for (int partition = 0; partition < store.source().partitions(); partition++) {
            int to = partition;
            decided.add(new Telling(requestId -> sender.sendToPartition(store.source(), to, value, requestId)).start());
        }
        return CompletableFuture.allOf(decided.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> decided.stream().allMatch(CompletableFuture::join));
    }

    /**
     * Sends a command under a key.
     *
     * @param value in the wire format of the topic
     * @return completes when it is decided, with whether it was not refused
     */
    public CompletionStage<Boolean> send(Path key, byte[] value) {
        return new Telling(requestId -> sender.send(store.source(), key, value, requestId)).start();
    }

    /** What was refused, in words, each reason once. */
    public List<String> problems() {
        return List.copyOf(new TreeSet<>(refused));
    }

    /** One command on its way to one partition. */
    private final class Telling {

        private final Function<String, CompletionStage<Receipt>> sending;
        private final CompletableFuture<Boolean> accepted = new CompletableFuture<>();

        Telling(Function<String, CompletionStage<Receipt>> sending) {
            this.sending = sending;
        }

        CompletableFuture<Boolean> start() {
            send();
            return accepted;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // every end of it is handled
        private void send() {
            String requestId = UUID.randomUUID().toString();
            sending.apply(requestId).whenComplete((receipt, failure) -> {
                if (receipt != null) {
                    await(receipt, requestId);
                } else {
                    again(this::send);
                }
            });
        }

        @SuppressWarnings("FutureReturnValueIgnored") // every end of it is handled
        private void await(Receipt receipt, String requestId) {
            outcomes.await(store, receipt, requestId, WAIT).whenComplete((outcome, failure) -> {
                if (failure == null) {
                    heard(outcome);
                } else {
                    again(() -> await(receipt, requestId));
                }
            });
        }

        private void heard(@Nullable Outcome outcome) {
            if (outcome != null && outcome.isRefused()) {
                refused.add(outcome.rules());
                accepted.complete(false);
            } else {
                accepted.complete(true);
            }
        }

        private void again(Runnable attempt) {
            if (!stopped.getAsBoolean()) {
                later.execute(attempt);
            }
        }
    }
}
