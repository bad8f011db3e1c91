package io.forebay.sync.http;

import io.forebay.http.calls.CommandCalls;
import io.forebay.schemas.avro.RenewLease;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.path.Path;
import io.forebay.stream.EventSink;
import io.forebay.sync.identifier.IdentifierPath;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a subscriber subscribed to for a time alive while a stream of it is open: the instance that has the stream renews the
 * leases a few times in each span. When the stream ends, they run out.
 */
final class LeaseRenewal {

    private static final int RENEWALS_PER_LEASE = 3;

    private final Supplier<CompletionStage<?>> sending;
    private final long intervalMs;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param sending sends one renewal
     */
    LeaseRenewal(Duration lease, Supplier<CompletionStage<?>> sending) {
        this.sending = sending;
        this.intervalMs = Math.max(1, lease.toMillis() / RENEWALS_PER_LEASE);
    }

    /** The sink of a stream, during which leases of this length are renewed. */
    static EventSink during(
            EventSink stream, CommandCalls<SubscriptionCommand> commands, String subscriber, Duration lease) {
        Path key = IdentifierPath.ofSubscriber(subscriber);
        LeaseRenewal renewal = new LeaseRenewal(
                lease,
                () -> commands.send(
                        key,
                        new SubscriptionCommand(new RenewLease()),
                        UUID.randomUUID().toString()));
        return renewal.around(stream);
    }

    /** Renews now, and from then on. */
    void begin() {
        renew();
    }

    /** Lets leases run out. */
    void end() {
        ended.set(true);
    }

    /** One that is not acknowledged is made up for by the next. */
    @SuppressWarnings("FutureReturnValueIgnored") // every end of it leads to the next
    private void renew() {
        if (!ended.get()) {
            sending.get()
                    .whenComplete(
                            (receipt, failure) -> CompletableFuture.delayedExecutor(intervalMs, TimeUnit.MILLISECONDS)
                                    .execute(this::renew));
        }
    }

    /** A stream that is refused never hears of its end, so the first renewal waits until there is one. */
    private EventSink around(EventSink stream) {
        return new EventSink() {

            @Override
            public boolean isFull() {
                return stream.isFull();
            }

            @Override
            public void send(@Nullable String id, @Nullable String event, byte @Nullable [] data) {
                stream.send(id, event, data);
            }

            @Override
            public void onDrain(Runnable action) {
                stream.onDrain(action);
            }

            @Override
            public void onClose(Runnable action) {
                stream.onClose(() -> {
                    end();
                    action.run();
                });
                begin();
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }
}
