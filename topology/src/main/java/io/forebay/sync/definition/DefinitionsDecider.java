package io.forebay.sync.definition;

import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.records.model.Model;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.WatchException;
import io.forebay.records.watch.Watcher;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.avro.DeclaredModel;
import io.forebay.schemas.avro.DefineWatchers;
import io.forebay.schemas.avro.RenewLease;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.avro.Unsubscribe;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.sync.definition.state.DefinedWatchers;
import io.forebay.sync.definition.state.FollowedModel;
import io.forebay.sync.identifier.IdentifierPath;
import io.forebay.sync.identifier.WatchedRowsForm;
import io.forebay.sync.model.KnownModel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what subscribers ask for: whether there is such a thing, and that it goes on to the partition of the subscriber.
 *
 * <p><b>Order.</b> An identifier of a subscriber is always on one partition, and what goes from there to a partition of subscribers arrives in
 * the order in which it was decided. So of the commands about one identifier the last one holds. What concerns all that a
 * subscriber subscribed to is told on every partition, and on each of them it is about the identifiers that are there; a subscription that
 * comes after it is not ended by it, on whichever partition either is.
 *
 * <p><b>Watchers.</b> They are defined on one partition, that of their key, and passed on to the others from there, so that all have the same
 * definitions in the same order, whoever defines at the same time. Each passes them on to all partitions of subscribers before
 * whatever it accepted by them. The version tells those apart that come by several ways.
 *
 * <p><b>Model.</b> It is the one that was declared last, as the stage of rows passes it on to one partition, and that to all. What is wanted is
 * checked by it, and what of the watchers does not fit it is left out while it holds. Each partition passes it on to all partitions of subscribers,
 * before whatever it accepted by it.
 *
 * <p>What a subscriber has is not kept here: it may end by itself, and is then not to be found here by mistake.
 */
final class DefinitionsDecider implements Decider<SubscriptionCommand> {

    private final TopicSpec subscriptions;
    private final KnownModel file;
    private final SubscriptionRules rules;
    private final Function<Model, Watchers> before;
    private final Function<SubscriptionCommand, byte[]> encoder;
    private final Deliveries deliveries;

    private KnownModel known;
    private Watchers watchers;
    private @Nullable DefinedWatchers defined;

    /**
     * @param subscriptions the topic of what subscribers want
     * @param file the model that is followed before any was declared
     * @param before the watchers that there are before any were defined, by the model
     * @param encoder its commands to bytes
     */
    DefinitionsDecider(
            TopicSpec subscriptions,
            KnownModel file,
            SubscriptionRules rules,
            Function<Model, Watchers> before,
            Function<SubscriptionCommand, byte[]> encoder,
            Deliveries deliveries) {
        this.subscriptions = subscriptions;
        this.file = file;
        this.rules = rules;
        this.before = before;
        this.encoder = encoder;
        this.deliveries = deliveries;
        this.known = file;
        this.watchers = before.apply(file.model());
    }

    @Override
    public void open(PartitionStore store) {
        try (StoreView view = store.snapshot()) {
            KnownModel stored = FollowedModel.of(view);
            known = stored == null ? file : stored;
            defined = DefinedWatchers.of(view);
        }
        watchers = WatcherDefinitions.of(known.model(), defined == null ? null : defined.list(), before);
    }

    @Override
    public void checkKey(Path key) throws RefusedException {
        if (key.equals(IdentifierPath.WATCHERS) || key.equals(KnownModel.KEY)) {
            return;
        }
        String subscriber = key.part(0);
        if (subscriber.isEmpty() || subscriber.length() > IdentifierPath.LONGEST_SUBSCRIBER) {
            throw wrongKey("begins with a subscriber of 1 to " + IdentifierPath.LONGEST_SUBSCRIBER + " characters");
        }
        if (IdentifierPath.isOfStream(subscriber)) {
            throw wrongKey("begins with a subscriber that is no stream");
        }
        if (key.size() > 1 && !IdentifierPath.isOfAll(key) && IdentifierPath.identifier(key) == null) {
            throw wrongKey("a subscriber, alone or with watcher/table/event or label/name, and record/key or"
                    + " column/columns/values behind them");
        }
    }

    private static RefusedException wrongKey(String rule) {
        return new RefusedException(400, "wrong_key", "key", rule);
    }

    /** A record without a value ends what its key names. */
    @Override
    public @Nullable SubscriptionCommand ofTombstone(Path key) {
        if (key.part(0).isEmpty()) {
            return null;
        }
        Identifier identifier = IdentifierPath.identifier(key);
        Watcher watcher = identifier == null ? null : watchers.watcher(identifier.watcher());
        boolean isOfAll = key.size() == 1 || IdentifierPath.isOfAll(key);
        if (identifier == null || watcher == null) {
            return isOfAll ? new SubscriptionCommand(new Unsubscribe(null)) : null;
        }
        return new SubscriptionCommand(new Unsubscribe(WatchedRowsForm.of(identifier, watcher)));
    }

    @Override
    public Outcome decide(Path key, SubscriptionCommand command, Decision decision) throws RefusedException {
        Object wanted = command.getCommand();
        if (key.equals(IdentifierPath.WATCHERS)) {
            if (!(wanted instanceof DefineWatchers definition)) {
                throw wrongKey("that of a subscriber");
            }
            return define(definition, decision);
        }
        if (key.equals(KnownModel.KEY)) {
            if (!(wanted instanceof DeclaredModel declared)) {
                throw wrongKey("that of a subscriber");
            }
            KnownModel.of(declared);
            decision.command(ReservedKeys.partition(), encoder.apply(command));
            return Outcome.done();
        }
        String subscriber = key.part(0);
        if (wanted instanceof Subscribe subscribe) {
            checkIdentifier(key, subscribe.getRows());
            rules.check(subscribe, known.model());
            deliveries.send(subscriber, subscribe, decision);
        } else if (wanted instanceof Unsubscribe unsubscribe) {
            unsubscribe(key, unsubscribe, decision);
        } else if (wanted instanceof RenewLease && key.size() == 1) {
            deliveries.send(subscriber, wanted, decision);
        } else {
            throw wrongKey("that of what the command is about");
        }
        return Outcome.done();
    }

    private void checkIdentifier(Path key, WatchedRows rows) throws RefusedException {
        Identifier identifier = WatchedRowsForm.identifier(rows);
        if (identifier == null) {
            throw RefusedException.invalid("/rows", "a watcher's rows: every one, a record or values of columns");
        }
        try {
            Identifier known = watchers.identifier(identifier.watcher(), identifier.scope());
            Watcher watcher = watchers.watcher(known.watcher());
            boolean fits = watcher != null
                    && watcher.table().equals(rows.getTable())
                    && watcher.event().text().equals(rows.getEvent().name());
            if (!known.equals(identifier) || !fits) {
                throw RefusedException.invalid(
                        "/rows", "the table and the event of the watcher, and a record by its key");
            }
        } catch (WatchException e) {
            throw WatcherDefinitions.refused(e);
        }
        checkIsKeyOf(key, identifier);
    }

    private static void checkIsKeyOf(Path key, Identifier identifier) throws RefusedException {
        if (!key.equals(IdentifierPath.of(key.part(0), identifier))) {
            throw wrongKey("that of what the command is about");
        }
    }

    /** What was never subscribed to may be ended too, also of watchers that there are not any more. */
    private void unsubscribe(Path key, Unsubscribe unsubscribe, Decision decision) throws RefusedException {
        WatchedRows rows = unsubscribe.getRows();
        if (rows != null) {
            Identifier identifier = WatchedRowsForm.identifier(rows);
            if (identifier == null) {
                throw RefusedException.invalid("/rows", "a watcher's rows: every one, a record or values of columns");
            }
            checkIsKeyOf(key, identifier);
            deliveries.send(key.part(0), unsubscribe, decision);
        } else if (IdentifierPath.isOfAll(key)) {
            deliveries.send(key.part(0), unsubscribe, decision);
        } else if (key.size() == 1) {
            byte[] value = encoder.apply(new SubscriptionCommand(unsubscribe));
            for (int partition = 0; partition < subscriptions.partitions(); partition++) {
                decision.command(
                        IdentifierPath.ofAll(key.part(0), partition, subscriptions)
                                .toBytes(),
                        value);
            }
        } else {
            throw wrongKey("that of a subscriber alone, for all that it subscribed to");
        }
    }

    /** The answer tells the version, so that whoever defined can wait until all partitions have it. */
    private Outcome define(DefineWatchers definition, Decision decision) throws RefusedException {
        WatcherDefinitions.define(known.model(), definition.getWatchers());
        DefineWatchers versioned = new DefineWatchers(definition.getWatchers(), decision.offset());
        decision.command(ReservedKeys.partition(), encoder.apply(new SubscriptionCommand(versioned)));
        return WatchersOutcome.encode(decision.offset());
    }

    /** A command to the partition: what watchers there are, or the model. */
    @Override
    public Outcome decideForPartition(SubscriptionCommand command, Decision decision) throws RefusedException {
        Object told = command.getCommand();
        if (told instanceof DefineWatchers definition) {
            take(definition, decision);
        } else if (told instanceof DeclaredModel declared) {
            follow(KnownModel.of(declared), decision);
        } else {
            throw wrongKey("that of what the command is about");
        }
        return Outcome.done();
    }

    /** What was right by one model may be in part wrong by the next, which some partition has before another: what is right is taken. */
    private void take(DefineWatchers definition, Decision decision) throws RefusedException {
        if (defined == null || definition.getVersion() > defined.version()) {
            DefinedWatchers next = new DefinedWatchers(definition.getVersion(), definition.getWatchers());
            Watchers nextWatchers = WatcherDefinitions.taken(known.model(), next.list());
            decision.put(DefinedWatchers.key(), next.encode());
            deliveries.sendToAll(definition, decision);
            watchers = nextWatchers;
            defined = next;
        }
    }

    private void follow(KnownModel next, Decision decision) {
        if (next.isAfter(known)) {
            Watchers nextWatchers =
                    WatcherDefinitions.of(next.model(), defined == null ? null : defined.list(), before);
            FollowedModel.put(next, decision);
            deliveries.sendToAll(next.declared(), decision);
            watchers = nextWatchers;
            known = next;
        }
    }
}
