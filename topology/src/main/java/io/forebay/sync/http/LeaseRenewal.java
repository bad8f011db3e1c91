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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a subscriber subscribed to for a time alive while a stream of it is open: the instance that has the stream renews the
 * leases a few times in each span. When the stream ends, they run out.
 */
final class LeaseRenewal {

    private static final int RENEWALS_PER_LEASE = 3;

    private final CommandCalls<SubscriptionCommand> commands;
    private final Path key;
    private final long intervalMs;
    private final AtomicBoolean ended = new AtomicBoolean();

    private LeaseRenewal(CommandCalls<SubscriptionCommand> commands, Path key, long intervalMs) {
        this.commands = commands;
        this.key = key;
        this.intervalMs = intervalMs;
    }

    /** The sink of a stream, during which leases of this length are renewed. */
    static EventSink during(
            EventSink stream, CommandCalls<SubscriptionCommand> commands, String subscriber, Duration lease) {
        LeaseRenewal renewal = new LeaseRenewal(
                commands, IdentifierPath.ofSubscriber(subscriber), Math.max(1, lease.toMillis() / RENEWALS_PER_LEASE));
        return renewal.around(stream);
    }

    /** One that is not acknowledged is made up for by the next. */
    @SuppressWarnings("FutureReturnValueIgnored") // every end of it leads to the next
    private void renew() {
        if (!ended.get()) {
            commands.send(
                            key,
                            new SubscriptionCommand(new RenewLease()),
                            UUID.randomUUID().toString())
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
                    ended.set(true);
                    action.run();
                });
                renew();
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }
}
