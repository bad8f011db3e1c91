package io.forebay.sync.subscription;

import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.records.model.Model;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.avro.ChangeDelivery;
import io.forebay.schemas.avro.Concerned;
import io.forebay.schemas.avro.DeclaredModel;
import io.forebay.schemas.avro.DefineWatchers;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.FollowRows;
import io.forebay.schemas.avro.PlaceRow;
import io.forebay.schemas.avro.PlaceRows;
import io.forebay.schemas.avro.RenewLease;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.avro.TransactionWhole;
import io.forebay.schemas.avro.Unsubscribe;
import io.forebay.schemas.avro.WatchedRows;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.PartitionStore;
import io.forebay.store.StoreView;
import io.forebay.sync.channel.Arrived;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.definition.WatcherDefinitions;
import io.forebay.sync.identifier.IdentifierPath;
import io.forebay.sync.identifier.WatchedRowsForm;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Truncation;
import io.forebay.sync.subscription.state.DecisionCells;
import io.forebay.sync.subscription.state.HeldTable.Held;
import io.forebay.sync.subscription.state.NodeKey;
import io.forebay.sync.subscription.state.PartitionState;
import io.forebay.sync.subscription.state.Permit;
import io.forebay.sync.subscription.state.ReviewTable;
import io.forebay.sync.subscription.state.SubscribedRows;
import io.forebay.sync.subscription.state.SubscriberTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what subscribers are told.
 *
 * <p>What concerns several comes as one record, and is taken apart here: for each of them a few cells are read and written, whatever
 * else he follows. All that is decided of one record is told as one unit.
 *
 * <p><b>Another model.</b> It comes by the way of subscriptions, before those that were accepted by it. All that was followed by the one before is
 * looked at again: of a subscriber before anything else is decided about him, and of the others bit by bit. A further model waits until that
 * is done, since places that one of them does not have tell nothing while it holds, and have to be let go by all who follow them. Whether rows are at the places
 * of the model by then is no matter here, since a place answers when they are.
 *
 * <p><b>Truncations.</b> What is on its way from before a truncation of its table on its partition of row changes is gone when it comes.
 */
final class SubscribersDecider implements Decider<DeliveryCommand> {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private static final int EXPIRED_PER_TICK = 100;

    private final TopicSpec subscriptions;
    private final Ground ground;
    private final KnownModel file;
    private final Function<DeliveryCommand, byte[]> encoder;
    private final Function<byte[], DeliveryCommand> decoder;
    private final Function<Decision, Outbox> outboxes;
    private final PartitionState state = new PartitionState();
    private final ReviewTable reviews = new ReviewTable();
    private final HeldTransactions held = new HeldTransactions();

    /**
     * @param subscriptions the topic of what subscribers want
     * @param file the model that is followed before any was declared
     * @param viewers what is to be seen under a permit
     * @param encoder deliveries to bytes
     * @param decoder and back
     * @param ways where goes what comes of it
     */
    SubscribersDecider(
            TopicSpec subscriptions,
            KnownModel file,
            Function<Permit, Viewer> viewers,
            Function<DeliveryCommand, byte[]> encoder,
            Function<byte[], DeliveryCommand> decoder,
            Ways ways) {
        this.subscriptions = subscriptions;
        this.file = file;
        this.ground = new Ground(file.model(), viewers);
        this.encoder = encoder;
        this.decoder = decoder;
        this.outboxes = decision -> ways.of(decision, known().version(), state::isDueAt);
    }

    @Override
    public void open(PartitionStore store) {
        try (StoreView view = store.snapshot()) {
            state.open(view);
            held.open(view);
            reviews.open(view);
        }
        groundOnKnown();
    }

    private KnownModel known() {
        KnownModel model = state.model();
        return model == null ? file : model;
    }

    private void groundOnKnown() {
        Model model = known().model();
        ground.follow(model, watchers(model));
    }

    private Watchers watchers(Model model) {
        PartitionState.Definition definition = state.definition();
        return WatcherDefinitions.of(model, definition == null ? null : definition.watchers(), Watchers::everyTable);
    }

    @Override
    public void checkKey(Path key) {}

    @Override
    public Outcome decide(Path key, DeliveryCommand command, Decision decision) throws RefusedException {
        At at = new At(decision);
        if (command.getNumber() > 0) {
            Channels.arrived(
                    Stage.of(command.getStage()), command.getPartition(), Arrived.of(command.getNumber()), decision);
        }
        if (command.getCommand() instanceof SubscriberCommand wanted) {
            at.wanted(wanted, command.getPartition());
        } else if (command.getCommand() instanceof PlaceRows rows) {
            at.rows(rows);
        } else if (command.getCommand() instanceof ChangeDelivery delivery) {
            at.holdOrDeliver(command, delivery);
        } else if (command.getCommand() instanceof TransactionWhole whole) {
            held.whole(whole.getTransaction(), decision, at::deliver);
        } else {
            throw RefusedException.invalid("/command", "what a subscriber is to be told");
        }
        return Outcome.done();
    }

    @Override
    public boolean hasPendingWork() {
        return reviews.isUnderWay();
    }

    @Override
    public void proceed(Decision decision) {
        At at = new At(decision);
        if (state.dueAt() <= decision.logTime()) {
            state.due(decision, EXPIRED_PER_TICK)
                    .forEach(subscriber -> at.following(subscriber).expire());
        }
        if (reviews.isUnderWay()) {
            List<String> next = reviews.next(decision);
            next.forEach(at::review);
            reviews.passed(next, decision);
            at.followNext();
        }
    }

    @Override
    public long dueAt() {
        return state.dueAt();
    }

    /** One decision. */
    private final class At {

        private final Decision decision;
        private final DecisionCells cells;
        private final Outbox outbox;

        At(Decision decision) {
            this.decision = decision;
            this.cells = new DecisionCells(decision);
            this.outbox = outboxes.apply(decision);
        }

        /** What he follows, by the model that is followed. */
        Following following(String subscriber) {
            review(subscriber);
            return followed(subscriber);
        }

        private void review(String subscriber) {
            if (reviews.takeTurn(subscriber, decision)) {
                followed(subscriber).review();
            }
        }

        private Following followed(String subscriber) {
            return new Following(
                    ground,
                    new SubscriberTable(cells, subscriber),
                    subscriber,
                    decision.offset(),
                    decision.logTime(),
                    outbox);
        }

        void wanted(SubscriberCommand command, int from) throws RefusedException {
            Object wanted = command.getCommand();
            if (wanted instanceof DefineWatchers define) {
                define(define);
            } else if (wanted instanceof DeclaredModel declared) {
                follow(KnownModel.of(declared));
            } else if (wanted instanceof Subscribe subscribe) {
                following(command.getSubscriber())
                        .subscribe(
                                SubscribedRows.of(subscribe, decision.logTime()),
                                new Permit(subscribe.getRule(), subscribe.getColumns(), subscribe.getClaims()));
            } else if (wanted instanceof FollowRows follow) {
                following(command.getSubscriber())
                        .subscribe(
                                SubscribedRows.of(follow, decision.logTime()),
                                new Permit(null, null, follow.getClaims()));
            } else if (wanted instanceof Unsubscribe unsubscribe) {
                WatchedRows rows = unsubscribe.getRows();
                if (rows == null) {
                    unsubscribeAll(command.getSubscriber(), from);
                } else {
                    following(command.getSubscriber()).unsubscribe(SubscribedRows.of(rows));
                }
            } else if (wanted instanceof RenewLease) {
                following(command.getSubscriber()).renew();
            } else {
                throw RefusedException.invalid("/command/command", "what a subscriber wants");
            }
        }

        /** It comes by every partition of definitions, and the first one counts. None is passed over, so that each is reviewed. */
        private void follow(KnownModel declared) {
            if (declared.isAfter(known())) {
                state.putNext(declared, decision);
                followNext();
            }
        }

        private void followNext() {
            KnownModel next = reviews.isUnderWay() ? null : state.takeNext(decision);
            if (next != null) {
                state.put(next, decision);
                reviews.begin(decision);
                groundOnKnown();
            }
        }

        /** It comes by every partition of definitions, and is about what came by the same one. */
        private void unsubscribeAll(String subscriber, int from) {
            following(subscriber).unsubscribeAll(subscribed -> {
                Identifier identifier = WatchedRowsForm.identifier(SubscribedRows.rows(subscribed));
                return subscribed.isOfRows()
                        || identifier == null
                        || subscriptions.partitionFor(IdentifierPath.of(subscriber, identifier)) == from;
            });
        }

        private void define(DefineWatchers define) {
            PartitionState.Definition known = state.definition();
            if (known == null || known.version() < define.getVersion()) {
                state.put(new PartitionState.Definition(define.getVersion(), define.getWatchers()), decision);
                groundOnKnown();
            }
        }

        void rows(PlaceRows rows) {
            List<Delivered> delivered = new ArrayList<>();
            for (PlaceRow row : rows.getRows()) {
                Path record = Path.parse(row.getRecord());
                LogPlace place = LogPlace.of(row.getRowSource());
                if (!state.isGone(record.part(0), row.getPartition(), row.getRef(), place)) {
                    delivered.add(new Delivered(
                            ground,
                            RowOperation.snapshot,
                            record,
                            null,
                            json(row.getRow()),
                            new Told.Cause(row.getPartition(), row.getRef(), place, null, null, null)));
                }
            }
            following(rows.getSubscriber())
                    .place(new NodeKey(rows.getKind(), rows.getPlace()), rows.getRequest(), delivered, rows.getLast());
        }

        void holdOrDeliver(DeliveryCommand command, ChangeDelivery delivery) {
            boolean waits = held.holds(delivery.getRecord(), delivery.getTransaction(), delivery.getTransactionRows());
            if (!waits || delivery.getOp() == RowOperation.truncated) {
                deliver(delivery);
                return;
            }
            String transaction = delivery.getTransactionRows() == null ? null : delivery.getTransaction();
            held.hold(new Held(delivery.getRecord(), transaction), encoder.apply(command), decision);
        }

        void deliver(byte[] command) {
            deliver((ChangeDelivery) decoder.apply(command).getCommand());
        }

        private void deliver(ChangeDelivery delivery) {
            int partition = delivery.getSource().getPartition();
            long ref = delivery.getSource().getOffset();
            LogPlace place = LogPlace.of(delivery.getRowSource());
            Told.Cause cause = new Told.Cause(
                    partition, ref, place, delivery.getId(), delivery.getBy(), delivery.getTransaction());
            Path record = Path.parse(delivery.getRecord());
            String table = record.part(0);
            if (delivery.getOp() == RowOperation.truncated) {
                state.putTruncated(table, partition, new Truncation(ref, place, Long.MAX_VALUE, false), decision);
                concerns(delivery)
                        .forEach((subscriber, concerns) -> following(subscriber).truncated(table, cause, concerns));
            } else if (!state.isGone(table, partition, ref, place)) {
                Delivered change = new Delivered(
                        ground,
                        delivery.getOp(),
                        record,
                        json(delivery.getOldRow()),
                        json(delivery.getNewRow()),
                        cause);
                concerns(delivery)
                        .forEach((subscriber, concerns) -> following(subscriber).change(change, concerns));
            }
        }

        private Map<String, List<Following.Concern>> concerns(ChangeDelivery delivery) {
            Map<String, List<Following.Concern>> concerns = new LinkedHashMap<>();
            for (Concerned one : delivery.getConcerned()) {
                concerns.computeIfAbsent(one.getSubscriber(), subscriber -> new ArrayList<>(2))
                        .add(new Following.Concern(new NodeKey(one.getKind(), one.getPlace()), one.getRequest()));
            }
            return concerns;
        }
    }

    private static @Nullable JsonObject json(@Nullable String row) {
        return row == null ? null : JsonObject.parse(row, LIMITS);
    }
}
