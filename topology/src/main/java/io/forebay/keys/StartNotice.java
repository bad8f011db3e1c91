package io.forebay.keys;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcome;
import io.forebay.command.Outcomes;
import io.forebay.command.Receipt;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PlaceKeys;
import io.forebay.schemas.avro.PlacedNamespace;
import io.forebay.schemas.topic.KeyPlacement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Tells every partition, when an instance starts, what the instance is configured with and decisions depend on: a replay has
 * to decide by what held then, so it has to be in the log. It is sent before any command of the instance, so it is decided
 * before them; where instances differ the one that was started last is right. Hears which partitions refuse.
 */
public final class StartNotice {

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final StoreRef store;
    private final CommandSender sender;
    private final Outcomes outcomes;
    private final Serializer<KeyCommand> serializer;
    private final Executor later;
    private final BooleanSupplier stopped;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /**
     * A notice.
     *
     * @param later runs what is to be tried again, after a pause
     * @param stopped whether to give up
     */
    public StartNotice(
            StoreRef store,
            CommandSender sender,
            Outcomes outcomes,
            Serializer<KeyCommand> serializer,
            Executor later,
            BooleanSupplier stopped) {
        this.store = store;
        this.sender = sender;
        this.outcomes = outcomes;
        this.serializer = serializer;
        this.later = later;
        this.stopped = stopped;
    }

    /** Tells which namespaces are kept together, without waiting. */
    public void send(KeyPlacement placement) {
        List<PlacedNamespace> together = new ArrayList<>();
        new TreeMap<>(placement.together())
                .forEach((namespace, parts) -> together.add(new PlacedNamespace(namespace, parts)));
        send(new KeyCommand(new PlaceKeys(together)));
    }

    /** Sends a command to all partitions, without waiting. */
    public void send(KeyCommand command) {
        byte[] value = serializer.serialize(store.source().name(), command);
        for (int partition = 0; partition < store.source().partitions(); partition++) {
            send(partition, value);
        }
    }

    /** What partitions refused, in words, each reason once. */
    public List<String> problems() {
        return List.copyOf(new TreeSet<>(refused));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // every end of it is handled
    private void send(int partition, byte[] value) {
        String requestId = UUID.randomUUID().toString();
        sender.sendToPartition(store.source(), partition, value, requestId).whenComplete((receipt, failure) -> {
            if (receipt != null) {
                await(receipt, requestId);
            } else {
                again(() -> send(partition, value));
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
        }
    }

    private void again(Runnable attempt) {
        if (!stopped.getAsBoolean()) {
            later.execute(attempt);
        }
    }
}
