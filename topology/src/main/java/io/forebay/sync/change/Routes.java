package io.forebay.sync.change;

import io.forebay.command.Decision;
import io.forebay.command.RefusedException;
import io.forebay.records.model.Model;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.PlacedColumns;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.channel.Channels;
import io.forebay.sync.channel.PartitionKeys;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.Places;
import io.forebay.sync.row.StoredRow;
import io.forebay.sync.row.TransactionParts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways from a partition of row changes to those of places. A change goes once to each partition that has places which it
 * concerns, numbered on each way, so that whoever has read how many were sent can wait for them where they arrive.
 */
final class Routes {

    /** Room for the names in a change and for that of a subscriber beside each of its places. */
    private static final int NAMES_BYTES = 24 * 1024;

    private static final int NOWHERE = -1;

    private final TopicSpec topic;
    private final Function<RouteCommand, byte[]> encoder;
    private final Supplier<Model> model;
    private final PartitionKeys partitionKeys;

    /**
     * @param model the one that is followed
     */
    Routes(TopicSpec topic, Function<RouteCommand, byte[]> encoder, Supplier<Model> model) {
        this.topic = topic;
        this.encoder = encoder;
        this.model = model;
        this.partitionKeys = new PartitionKeys(topic);
    }

    /**
     * Sends the change of a row to the record's place and to those of its values, old and new, and away from those by which it is not to be
     * found any more. Of a change that is to be told the
     * record's place hears how many answers it has to expect.
     *
     * @param change what it is, without its number and its places
     * @param left columns by which rows are not looked up any more
     * @throws RefusedException where that is more than a record of the topic may hold
     */
    void send(
            RoutedChange change,
            String table,
            @Nullable JsonObject oldRow,
            @Nullable JsonObject newRow,
            Set<List<String>> left,
            Decision decision)
            throws RefusedException {
        Map<Integer, List<RoutedPlace>> byPartition = new TreeMap<>();
        Path record = Path.parse(change.getRecord());
        add(byPartition, record, PlaceRole.subject);
        for (List<String> columns : model.get().associationKeys(table)) {
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
        addAll(byPartition, table, left, oldRow, PlaceRole.left);
        checkSize(change, byPartition, oldRow, newRow);
        int answers = change.getOp() == RowOperation.snapshot ? 0 : byPartition.size() - 1;
        int own = topic.partitionFor(record);
        sendEach(change, byPartition, own, answers, decision);
    }

    /**
     * Sends a row as it is to places of its values, and away from others.
     *
     * @param entered columns by which it is looked up from now on
     * @param left columns by which it is not any more
     * @throws RefusedException where that is more than a record of the topic may hold
     */
    void place(
            Path record, long ref, StoredRow row, Set<List<String>> entered, Set<List<String>> left, Decision decision)
            throws RefusedException {
        JsonObject columns = row.json();
        Map<Integer, List<RoutedPlace>> byPartition = new TreeMap<>();
        addAll(byPartition, record.part(0), entered, columns, PlaceRole.entered);
        addAll(byPartition, record.part(0), left, columns, PlaceRole.left);
        RoutedChange change = RoutedChange.newBuilder()
                .setPartition(decision.partition())
                .setNumber(0)
                .setRef(ref)
                .setOp(RowOperation.snapshot)
                .setRecord(record.toString())
                .setNewRow(columns == null ? null : columns.text())
                .setSource(LogPlace.toSource(row.place()))
                .build();
        checkSize(change, byPartition, null, columns);
        sendEach(change, byPartition, NOWHERE, 0, decision);
    }

    private void addAll(
            Map<Integer, List<RoutedPlace>> byPartition,
            String table,
            Set<List<String>> keys,
            @Nullable JsonObject row,
            PlaceRole role) {
        for (List<String> columns : keys) {
            Path place = Places.ofRow(table, columns, row);
            if (place != null) {
                add(byPartition, place, role);
            }
        }
    }

    private void sendEach(
            RoutedChange change, Map<Integer, List<RoutedPlace>> byPartition, int own, int answers, Decision decision)
            throws RefusedException {
        for (Map.Entry<Integer, List<RoutedPlace>> one : byPartition.entrySet()) {
            int partition = one.getKey();
            RoutedChange.Builder there = RoutedChange.newBuilder(change)
                    .setAnswers(partition == own ? answers : 0)
                    .setPlaces(one.getValue());
            tell(Path.parse(one.getValue().get(0).getPath()), partition, there, decision);
        }
    }

    /** On its last way a change has all of its places in one record, beside those whom it concerns. */
    private void checkSize(
            RoutedChange change,
            Map<Integer, List<RoutedPlace>> byPartition,
            @Nullable JsonObject oldRow,
            @Nullable JsonObject newRow)
            throws RefusedException {
        int bytes = NAMES_BYTES
                + change.getRecord().length()
                + (oldRow == null ? 0 : oldRow.length())
                + (newRow == null ? 0 : newRow.length());
        for (List<RoutedPlace> places : byPartition.values()) {
            for (RoutedPlace place : places) {
                bytes += place.getPath().length();
            }
        }
        RowRules.checkSize(bytes, topic);
    }

    private void add(Map<Integer, List<RoutedPlace>> byPartition, Path place, PlaceRole role) {
        byPartition
                .computeIfAbsent(topic.partitionFor(place), partition -> new ArrayList<>(2))
                .add(new RoutedPlace(place.toString(), role));
    }

    /** Sends to all partitions that the rows of a table which came from this one went. */
    void sendToAll(RoutedChange change, Decision decision) throws RefusedException {
        for (int partition = 0; partition < partitionKeys.partitions(); partition++) {
            tell(partitionKeys.on(partition), partition, RoutedChange.newBuilder(change), decision);
        }
    }

    /**
     * Tells all partitions by which columns all rows of this one are at their places.
     *
     * @param version of the model that is followed
     */
    void tellPlaced(Collection<String> columns, long version, Decision decision) {
        for (int partition = 0; partition < partitionKeys.partitions(); partition++) {
            long number = Channels.nextSent(Stage.PLACES, partition, decision);
            byte[] value = encoder.apply(
                    new RouteCommand(new PlacedColumns(decision.partition(), number, version, List.copyOf(columns))));
            decision.tell(partitionKeys.on(partition), (index, last) -> value);
        }
    }

    /** Tells a transaction of a change of it that is not sent anywhere. */
    void sendPart(RowChange change, Decision decision) {
        String transaction = change.getTransaction();
        Integer rows = change.getTransactionRows();
        if (transaction == null || rows == null || !TransactionParts.areCounted(transaction, rows)) {
            return;
        }
        String identity =
                TransactionParts.identity(change.getSource(), change.getId(), decision.partition(), decision.offset());
        byte[] value = encoder.apply(new RouteCommand(new TransactionPart(transaction, rows, identity, List.of())));
        decision.tell(TransactionParts.placeOf(transaction), (index, last) -> value);
    }

    private void tell(Path key, int partition, RoutedChange.Builder change, Decision decision) throws RefusedException {
        RoutedChange numbered = change.setNumber(Channels.nextSent(Stage.PLACES, partition, decision))
                .build();
        byte[] value = encoder.apply(new RouteCommand(numbered));
        RowRules.checkSize(key.toBytes().length + value.length, topic);
        decision.tell(key, (index, last) -> value);
    }
}
