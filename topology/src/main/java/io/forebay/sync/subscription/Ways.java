package io.forebay.sync.subscription;

import io.forebay.command.Decision;
import io.forebay.schemas.avro.PlaceInterest;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.PartitionKeys;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.subscription.state.NodeKey;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The ways from a partition of subscribers: interests to the partitions of their places, those in a table to all, numbered on each way; and what
 * subscribers are told.
 */
final class Ways {

    private final TopicSpec places;
    private final PartitionKeys keys;
    private final String sink;
    private final Function<RouteCommand, byte[]> interests;
    private final Function<RecordTold, byte[]> messages;

    /**
     * @param places the topic to places
     * @param sink name of the node that writes it
     * @param interests what goes there to bytes
     * @param messages what subscribers are told to bytes
     */
    Ways(
            TopicSpec places,
            String sink,
            Function<RouteCommand, byte[]> interests,
            Function<RecordTold, byte[]> messages) {
        this.places = places;
        this.keys = new PartitionKeys(places);
        this.sink = sink;
        this.interests = interests;
        this.messages = messages;
    }

    /**
     * The ways of what one decision sends.
     *
     * @param model version of the model that is followed
     */
    Outbox of(Decision decision, long model, LongConsumer due) {
        return new Outbox() {
            @Override
            public int want(String subscriber, NodeKey node, long request, boolean rows, String where) {
                send(
                        decision,
                        interest(decision, subscriber, node, request)
                                .setWanted(true)
                                .setModel(model)
                                .setSnapshot(rows)
                                .setWhere(where));
                if (node.kind() == PlaceKind.table) {
                    return rows ? keys.partitions() : 0;
                }
                return 1;
            }

            @Override
            public void unwant(String subscriber, NodeKey node, long request) {
                send(decision, interest(decision, subscriber, node, request));
            }

            @Override
            public void due(long time) {
                due.accept(time);
            }

            @Override
            public void tell(String subscriber, Told told) {
                decision.tell(Path.of(subscriber), (index, last) -> encode(told, decision, index, last));
            }
        };
    }

    private static PlaceInterest.Builder interest(Decision decision, String subscriber, NodeKey node, long request) {
        return PlaceInterest.newBuilder()
                .setPartition(decision.partition())
                .setNumber(0)
                .setPlace(node.place())
                .setKind(node.kind())
                .setSubscriber(subscriber)
                .setWanted(false)
                .setRequest(request)
                .setSnapshot(false);
    }

    private void send(Decision decision, PlaceInterest.Builder interest) {
        if (interest.getKind() == PlaceKind.table) {
            for (int partition = 0; partition < keys.partitions(); partition++) {
                send(decision, keys.on(partition), partition, interest);
            }
        } else {
            Path place = Path.parse(interest.getPlace());
            send(decision, place, places.partitionFor(place), interest);
        }
    }

    private void send(Decision decision, Path key, int partition, PlaceInterest.Builder interest) {
        interest.setNumber(Channels.nextSent(Stage.PLACES, partition, decision));
        decision.send(sink, key, interests.apply(new RouteCommand(interest.build())));
    }

    private byte[] encode(Told told, Decision decision, int index, boolean last) {
        return messages.apply(RecordTold.newBuilder()
                .setOp(told.op())
                .setRecord(told.record())
                .setRow(text(told.row()))
                .setOldRow(text(told.oldRow()))
                .setRef(told.ref())
                .setFollowed(told.followed())
                .setOutstanding(told.outstanding())
                .setIdentifiers(told.identifiers())
                .setId(told.cause().id())
                .setBy(told.cause().by())
                .setTransaction(told.cause().transaction())
                .setSource(new SourcePosition(
                        told.cause().partition(), told.cause().offset()))
                .setRowSource(LogPlace.toSource(told.cause().place()))
                .setUnitOffset(decision.offset())
                .setUnitIndex(index)
                .setUnitLast(last)
                .build());
    }

    private static @Nullable String text(@Nullable JsonObject row) {
        return row == null ? null : row.text();
    }
}
