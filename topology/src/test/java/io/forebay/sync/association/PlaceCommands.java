package io.forebay.sync.association;

import io.forebay.schemas.avro.Concerned;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.PlaceAnswer;
import io.forebay.schemas.avro.PlaceInterest;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.serde.AvroSerdes;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Commands to places as tests write them. */
final class PlaceCommands {

    private static final String ROUTES = "routes";
    private static final String DELIVERIES = "deliveries";
    private static final AvroSerdes SERDES =
            AvroSerdes.create(Map.of("schema.registry.url", "mock://place-commands", "auto.register.schemas", "true"));
    private static final Serializer<RouteCommand> TO_PLACES = SERDES.serializer(RouteCommand.class);
    private static final Deserializer<RouteCommand> FROM_PLACES = SERDES.deserializer(RouteCommand.class);
    private static final Serializer<DeliveryCommand> TO_SUBSCRIBERS = SERDES.serializer(DeliveryCommand.class);
    private static final Deserializer<DeliveryCommand> FROM_SUBSCRIBERS = SERDES.deserializer(DeliveryCommand.class);

    private PlaceCommands() {}

    /** A change of a record, told to its own place alone. */
    static RoutedChange.Builder change(long ref, String record, @Nullable String row) {
        return RoutedChange.newBuilder()
                .setPartition(3)
                .setNumber(0)
                .setRef(ref)
                .setOp(row == null ? RowOperation.deleted : RowOperation.updated)
                .setRecord(record)
                .setNewRow(row)
                .setPlaces(List.of(new RoutedPlace(record, PlaceRole.subject)));
    }

    /** A change told to one other place. */
    static RoutedChange.Builder at(RoutedChange.Builder change, String place, PlaceRole role) {
        return change.setPlaces(List.of(new RoutedPlace(place, role)));
    }

    /** A change told to its own place and another one. */
    static RoutedChange.Builder alsoAt(RoutedChange.Builder change, String place, PlaceRole role) {
        return change.setPlaces(
                List.of(new RoutedPlace(change.getRecord(), PlaceRole.subject), new RoutedPlace(place, role)));
    }

    static RoutedChange.Builder truncated(long ref, int partition) {
        return change(ref, "posts", null)
                .setOp(RowOperation.truncated)
                .setPartition(partition)
                .setPlaces(List.of());
    }

    static PlaceInterest.Builder interest(PlaceKind kind, String place, String subscriber, long request) {
        return PlaceInterest.newBuilder()
                .setPartition(0)
                .setNumber(1)
                .setKind(kind)
                .setPlace(place)
                .setSubscriber(subscriber)
                .setRequest(request)
                .setWanted(true)
                .setSnapshot(true);
    }

    static PlaceAnswer answer(String record, long ref, boolean last, Concerned... concerned) {
        return new PlaceAnswer(1, 1L, record, ref, List.of(concerned), last);
    }

    static byte[] encode(RouteCommand command) {
        return TO_PLACES.serialize(ROUTES, command);
    }

    static RouteCommand routed(byte[] encoded) {
        return FROM_PLACES.deserialize(ROUTES, encoded);
    }

    static byte[] encode(DeliveryCommand command) {
        return TO_SUBSCRIBERS.serialize(DELIVERIES, command);
    }

    static DeliveryCommand delivered(byte[] encoded) {
        return FROM_SUBSCRIBERS.deserialize(DELIVERIES, encoded);
    }
}
