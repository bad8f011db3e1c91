package io.forebay.sync.change;

import io.forebay.command.Decision;
import io.forebay.command.RefusedException;
import io.forebay.records.model.Model;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.change.state.RowTable;
import io.forebay.sync.row.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ways from a partition of row changes to those of places. A change goes once to each partition that has places which it
 * concerns, numbered on each way, so that whoever has read how many were sent can wait for them where they arrive.
 */
final class Routes {

    private final TopicSpec topic;
    private final Function<RouteCommand, byte[]> encoder;
    private final Model model;
    private final RowTable rows;
    private final List<Path> partitionKeys = new ArrayList<>();

    Routes(TopicSpec topic, Function<RouteCommand, byte[]> encoder, Model model, RowTable rows) {
        this.topic = topic;
        this.encoder = encoder;
        this.model = model;
        this.rows = rows;
        for (int partition = 0; partition < topic.partitions(); partition++) {
            partitionKeys.add(keyOn(partition));
        }
    }

    /** A key on a partition that is no place: no table's name is empty. */
    private Path keyOn(int partition) {
        for (int number = 0; ; number++) {
            Path key = Path.of("", Integer.toString(number));
            if (topic.partitionFor(key) == partition) {
                return key;
            }
        }
    }

    /**
     * Sends the change of a row to the record's place, but for a snapshot, and to those of its values, old and new.
     *
     * @param change what it is, without its number and its places
     * @throws RefusedException where that is more than a record of the topic may hold
     */
    void send(
            RoutedChange change,
            String table,
            @Nullable JsonObject oldRow,
            @Nullable JsonObject newRow,
            Decision decision)
            throws RefusedException {
        Map<Integer, List<RoutedPlace>> byPartition = new TreeMap<>();
        if (change.getOp() != RowOperation.snapshot) {
            add(byPartition, Path.parse(change.getRecord()), PlaceRole.subject);
        }
        for (List<String> columns : model.associationKeys(table)) {
            Path was = Places.ofRow(table, columns, oldRow);
            Path is = Places.ofRow(table, columns, newRow);
            boolean stayed = was != null && is != null && was.equals(is);
            if (was != null && !stayed) {
                add(byPartition, was, PlaceRole.left);
            }
            if (is != null) {
                add(byPartition, is, stayed ? PlaceRole.stayed : PlaceRole.entered);
            }
        }
        for (Map.Entry<Integer, List<RoutedPlace>> one : byPartition.entrySet()) {
            Path first = Path.parse(one.getValue().get(0).getPath());
            tell(first, one.getKey(), change, one.getValue(), decision);
        }
    }

    private void add(Map<Integer, List<RoutedPlace>> byPartition, Path place, PlaceRole role) {
        byPartition
                .computeIfAbsent(topic.partitionFor(place), partition -> new ArrayList<>(2))
                .add(new RoutedPlace(place.toString(), role));
    }

    /** Sends to the place of a table that it was truncated. */
    void sendToTable(RoutedChange change, Decision decision) throws RefusedException {
        Path place = Places.ofTable(change.getRecord());
        tell(
                place,
                topic.partitionFor(place),
                change,
                List.of(new RoutedPlace(place.toString(), PlaceRole.subject)),
                decision);
    }

    /** Sends to all partitions that the rows of a table which came from this one went. */
    void sendToAll(RoutedChange change, Decision decision) throws RefusedException {
        for (int partition = 0; partition < partitionKeys.size(); partition++) {
            tell(partitionKeys.get(partition), partition, change, List.of(), decision);
        }
    }

    private void tell(Path key, int partition, RoutedChange change, List<RoutedPlace> places, Decision decision)
            throws RefusedException {
        RoutedChange numbered = RoutedChange.newBuilder(change)
                .setNumber(rows.nextSent(partition, decision))
                .setPlaces(places)
                .build();
        byte[] value = encoder.apply(new RouteCommand(numbered));
        RowRules.checkSize(key.toBytes().length + value.length, topic);
        decision.tell(key, (index, last) -> value);
    }
}
