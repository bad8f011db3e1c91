package io.forebay.sync.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.command.MemoryTask;
import io.forebay.schemas.avro.ChangeDelivery;
import io.forebay.schemas.avro.Concerned;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.PlaceAnswer;
import io.forebay.schemas.avro.PlaceInterest;
import io.forebay.schemas.avro.PlaceKind;
import io.forebay.schemas.avro.PlaceRole;
import io.forebay.schemas.avro.PlaceRow;
import io.forebay.schemas.avro.PlaceRows;
import io.forebay.schemas.avro.PlacedColumns;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RoutedPlace;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.TransactionPart;
import io.forebay.schemas.avro.TransactionWhole;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.store.Scan;
import io.forebay.sync.association.state.PlaceIndexing;
import io.forebay.sync.channel.PartitionKeys;
import io.forebay.sync.row.Places;
import io.forebay.sync.row.TransactionParts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several partitions of places, each with a log of its own that others append to and that it reads whenever its turn comes. The rows and the
 * subscribers around them are played: what they append is remembered, and what has to come of it is worked out when a partition
 * reads it. Each partition is decided twice, the second time by one that forgets whatever is not in its store before every record.
 */
final class PlacesWorld {

    private static final int PARTITIONS = 3;
    private static final int RECORDS = 8;
    private static final int VALUES = 2;
    private static final int SUBSCRIBERS = 5;
    private static final List<String> COLUMNS = List.of("a", "b");
    private static final Set<Integer> LASTING = Set.of(0x10, 0x12, 0x13, 0x1b, 0x1d, 0x70, 0x71);
    private static final long NOW = 1_000_000;
    private static final Duration WAIT = Duration.ofHours(1);

    @SuppressWarnings("ArrayRecordComponent") // on its way; nothing compares it
    private record Appended(byte[] key, byte[] value) {}

    private record Row(int partition, long ref, String text) {}

    private record Place(PlaceKind kind, String path) {}

    private record At(int partition, Place place) {}

    private record Held(Place place, String subscriber) {}

    /** An interest that began: what was at its place, if it is to be told. */
    private record Begun(Held held, int partition, boolean snapshot, Map<String, Row> rows) {}

    /** What came out for subscribers, as their partitions have it. */
    private record Out(int partition, DeliveryCommand command) {}

    private record Known(int partition, long ref, @Nullable String row) {}

    private final Random random;
    private final boolean small;
    private final TopicCatalogue catalogue =
            TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(PARTITIONS));
    private final PartitionKeys keys = new PartitionKeys(catalogue.syncRoutes());
    private final List<MemoryTask<RouteCommand>> tasks = new ArrayList<>();
    private final List<MemoryTask<RouteCommand>> forgetful = new ArrayList<>();
    private final List<PlacesDecider> forgetfulDeciders = new ArrayList<>();
    private final List<Queue<Appended>> logs = new ArrayList<>();
    private final List<List<Out>> deliveries = new ArrayList<>();
    private final Map<String, Long> numbers = new HashMap<>();

    private final long[] refs = new long[PARTITIONS];
    private final Map<String, Row> database = new TreeMap<>();
    private final Map<String, RoutedChange> changes = new HashMap<>();
    private final Map<String, Integer> transactions = new HashMap<>();
    private final Set<String> incomplete = new HashSet<>();
    private long requests;
    private int identities;
    private boolean areTaken = true;

    private final Map<At, Map<String, Row>> rowsAt = new HashMap<>();
    private final List<Map<Held, Long>> interests = new ArrayList<>();
    private final Map<Long, Begun> begun = new LinkedHashMap<>();
    private final Map<String, List<String>> expected = new TreeMap<>();
    private final Map<String, List<String>> expectedTruncations = new TreeMap<>();

    PlacesWorld(long seed) {
        this.random = new Random(seed);
        this.small = random.nextBoolean();
        PlaceLimits limits = small
                ? new PlaceLimits(1, 2, 150, 2, 300, 3, 1, 2, WAIT)
                : PlaceLimits.of(catalogue.syncRoutes(), WAIT);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            tasks.add(task(decider(limits), partition));
            PlacesDecider decider = decider(limits);
            forgetfulDeciders.add(decider);
            forgetful.add(task(decider, partition));
            logs.add(new ArrayDeque<>());
            deliveries.add(new ArrayList<>());
            interests.add(new HashMap<>());
        }
    }

    private PlacesDecider decider(PlaceLimits limits) {
        return new PlacesDecider(catalogue, PlaceCommands::encode, PlaceCommands::encode, limits);
    }

    private static MemoryTask<RouteCommand> task(PlacesDecider decider, int partition) {
        return new MemoryTask<>(decider, partition, PlacesFlow.STORE, new PlaceIndexing());
    }

    /**
     * Lets things happen, then waits until all is quiet. Rows that are only taken in are never told, so they come before anybody wants to
     * know.
     */
    void run(int steps) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int to = 0; to < PARTITIONS; to++) {
                List<String> columns =
                        COLUMNS.stream().map(column -> "posts/" + column).toList();
                append(keys.on(to), new PlacedColumns(partition, next("rows " + partition + " " + to), 0L, columns));
            }
        }
        for (int step = 0; step < steps / 5; step++) {
            change(null, 0);
            read(random.nextInt(PARTITIONS));
        }
        settle(NOW);
        areTaken = false;
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(10)) {
                case 0, 1 -> change(null, 0);
                case 2 -> transaction();
                case 3, 4 -> interest();
                case 5 -> tick(random.nextInt(PARTITIONS), NOW);
                default -> read(random.nextInt(PARTITIONS));
            }
            if (random.nextInt(60) == 0) {
                truncate();
            }
        }
        settle(NOW);
    }

    private void settle(long time) {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (int partition = 0; partition < PARTITIONS; partition++) {
                busy |= tick(partition, time);
                busy |= read(partition);
            }
        }
    }

    private long next(String channel) {
        return numbers.merge(channel, 1L, Long::sum);
    }

    private void append(Path key, Object command) {
        logs.get(catalogue.syncRoutes().partitionFor(key))
                .add(new Appended(key.toBytes(), PlaceCommands.encode(new RouteCommand(command))));
    }

    // What the rows do.

    private void transaction() {
        String id = "t" + transactions.size();
        int rows = 1 + random.nextInt(4);
        transactions.put(id, rows);
        boolean lacks = random.nextInt(4) == 0;
        if (lacks) {
            incomplete.add(id);
        }
        for (int row = lacks ? 1 : 0; row < rows; row++) {
            if (random.nextInt(4) == 0) {
                ignored(id, rows);
            } else {
                change(id, rows);
            }
            if (random.nextBoolean()) {
                read(random.nextInt(PARTITIONS));
            }
        }
    }

    /** A change that is not sent anywhere, and may come twice. */
    private void ignored(String transaction, int rows) {
        TransactionPart part = new TransactionPart(transaction, rows, "ignored/" + identities++, List.of());
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            append(TransactionParts.placeOf(transaction), part);
        }
    }

    private void change(@Nullable String transaction, int rows) {
        boolean plain = random.nextInt(5) == 0;
        String table = plain ? "tags" : "posts";
        int id = random.nextInt(RECORDS);
        Path record = Path.of(table, Integer.toString(id));
        int partition = catalogue.changes().partitionFor(record);
        long ref = refs[partition]++;
        Row old = database.get(record.toString());
        String text = old != null && random.nextInt(3) == 0 ? null : row(id, ref);
        RowOperation op =
                text == null ? RowOperation.deleted : old == null ? RowOperation.inserted : RowOperation.updated;
        if (areTaken && text != null && random.nextInt(4) == 0) {
            op = RowOperation.snapshot;
        }
        if (text == null) {
            database.remove(record.toString());
        } else {
            database.put(record.toString(), new Row(partition, ref, text));
        }
        RoutedChange change = PlaceCommands.change(ref, record.toString(), text)
                .setPartition(partition)
                .setOp(op)
                .setOldRow(old == null ? null : old.text())
                .setTransaction(transaction)
                .setTransactionRows(transaction == null ? null : rows)
                .build();
        changes.put(name(change.getRecord(), ref), change);
        Map<Integer, List<RoutedPlace>> places = new TreeMap<>();
        add(places, record, PlaceRole.subject);
        if (!plain) {
            addColumns(places, old == null ? null : old.text(), text);
        }
        int own = catalogue.syncRoutes().partitionFor(record);
        int answers = op == RowOperation.snapshot ? 0 : places.size() - 1;
        places.forEach((to, there) -> append(
                Path.parse(there.get(0).getPath()),
                RoutedChange.newBuilder(change)
                        .setNumber(next("rows " + partition + " " + to))
                        .setAnswers(to == own ? answers : 0)
                        .setPlaces(there)
                        .build()));
    }

    private String row(int id, long ref) {
        return "{\"id\":" + id + ",\"a\":" + random.nextInt(VALUES) + ",\"b\":" + random.nextInt(VALUES) + ",\"n\":"
                + ref + "}";
    }

    private void addColumns(Map<Integer, List<RoutedPlace>> to, @Nullable String old, @Nullable String text) {
        for (String column : COLUMNS) {
            String was = old == null ? null : columnPlace(column, old);
            String is = text == null ? null : columnPlace(column, text);
            if (was != null && !was.equals(is)) {
                add(to, Path.parse(was), PlaceRole.left);
            }
            if (is != null) {
                add(to, Path.parse(is), is.equals(was) ? PlaceRole.stayed : PlaceRole.entered);
            }
        }
    }

    private static String columnPlace(String column, String row) {
        String value = row.replaceAll(".*\"" + column + "\":([^,}]*)[,}].*", "$1");
        return Places.ofColumns("posts", List.of(column), List.of(value)).toString();
    }

    private void add(Map<Integer, List<RoutedPlace>> to, Path place, PlaceRole role) {
        to.computeIfAbsent(catalogue.syncRoutes().partitionFor(place), partition -> new ArrayList<>())
                .add(new RoutedPlace(place.toString(), role));
    }

    private void truncate() {
        int partition = random.nextInt(PARTITIONS);
        long ref = refs[partition]++;
        database.entrySet()
                .removeIf(row ->
                        row.getKey().startsWith("posts/") && row.getValue().partition() == partition);
        for (int to = 0; to < PARTITIONS; to++) {
            append(
                    keys.on(to),
                    PlaceCommands.truncated(ref, partition)
                            .setNumber(next("rows " + partition + " " + to))
                            .build());
        }
    }

    // What the subscribers do.

    private void interest() {
        String subscriber = "s" + random.nextInt(SUBSCRIBERS);
        Place place = switch (random.nextInt(5)) {
            case 0 -> new Place(PlaceKind.table, random.nextInt(3) == 0 ? "tags" : "posts");
            case 1 -> new Place(PlaceKind.record, "tags/" + random.nextInt(RECORDS));
            case 2 -> new Place(PlaceKind.record, "posts/" + random.nextInt(RECORDS));
            default ->
                new Place(PlaceKind.column, "posts/" + COLUMNS.get(random.nextInt(2)) + "/" + random.nextInt(VALUES));
        };
        int from = catalogue.syncDeliveries().partitionFor(Path.of(subscriber));
        boolean wanted = random.nextInt(3) > 0;
        boolean snapshot = place.kind() != PlaceKind.table && random.nextInt(3) > 0;
        long request = ++requests;
        List<Path> to = new ArrayList<>();
        if (place.kind() == PlaceKind.table) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                to.add(keys.on(partition));
            }
        } else {
            to.add(Path.parse(place.path()));
        }
        for (Path key : to) {
            int partition = catalogue.syncRoutes().partitionFor(key);
            append(
                    key,
                    PlaceCommands.interest(place.kind(), place.path(), subscriber, request)
                            .setPartition(from)
                            .setNumber(next("subscribers " + from + " " + partition))
                            .setWanted(wanted)
                            .setSnapshot(snapshot)
                            .build());
        }
    }

    // What the places do.

    private boolean tick(int partition, long time) {
        forget(partition);
        boolean ticked = tasks.get(partition).tick(time);
        // The other may remember that there was something to wait for, and find nothing.
        forgetful.get(partition).tick(time);
        collect(partition);
        return ticked;
    }

    private boolean read(int partition) {
        Appended next = logs.get(partition).poll();
        if (next == null) {
            return false;
        }
        RouteCommand command = PlaceCommands.routed(next.value());
        expect(partition, command.getCommand());
        forget(partition);
        tasks.get(partition).decide(next.key(), command, NOW);
        forgetful.get(partition).decide(next.key(), PlaceCommands.routed(next.value()), NOW);
        collect(partition);
        return true;
    }

    private void forget(int partition) {
        forgetfulDeciders.get(partition).open(forgetful.get(partition).store());
    }

    private void collect(int partition) {
        List<MemoryTask.Sent> told = tasks.get(partition).told();
        List<MemoryTask.Sent> commanded = tasks.get(partition).commanded();
        assertThat(texts(forgetful.get(partition).told())).isEqualTo(texts(told));
        assertThat(texts(forgetful.get(partition).commanded())).isEqualTo(texts(commanded));
        for (MemoryTask.Sent sent : told) {
            DeliveryCommand command = PlaceCommands.delivered(sent.value());
            int to = catalogue.syncDeliveries().partitionFor(Path.parse(sent.key()));
            assertThat(command.getStage()).isEqualTo("places");
            assertThat(command.getPartition()).isEqualTo(partition);
            assertThat(command.getNumber()).isEqualTo(next("deliveries " + partition + " " + to));
            deliveries.get(to).add(new Out(partition, command));
        }
        for (MemoryTask.Sent sent : commanded) {
            int to = catalogue.syncRoutes().partitionFor(Path.parse(sent.key()));
            if (PlaceCommands.routed(sent.value()).getCommand() instanceof PlaceAnswer answer) {
                assertThat(answer.getPartition()).isEqualTo(partition);
                assertThat(answer.getNumber()).isEqualTo(next("places " + partition + " " + to));
            }
            logs.get(to).add(new Appended(sent.key(), sent.value()));
        }
    }

    private static List<String> texts(List<MemoryTask.Sent> sent) {
        return sent.stream()
                .map(one -> Arrays.toString(one.key()) + Arrays.toString(one.value()))
                .toList();
    }

    // What has to come of it.

    private static String name(String record, long ref) {
        return record + "@" + ref;
    }

    private static String concerned(Held held, long request) {
        return held.subscriber() + "," + held.place().kind() + ","
                + held.place().path() + "," + request;
    }

    private void expect(int partition, Object command) {
        if (command instanceof PlaceInterest interest) {
            expect(partition, interest);
        } else if (command instanceof RoutedChange change && change.getOp() == RowOperation.truncated) {
            rowsAt.forEach((at, rows) -> {
                if (at.partition() == partition) {
                    rows.entrySet()
                            .removeIf(row -> row.getKey().startsWith("posts/")
                                    && row.getValue().partition() == change.getPartition());
                }
            });
            List<String> told = expectedTruncations.computeIfAbsent(
                    change.getPartition() + "@" + change.getRef(), key -> new ArrayList<>());
            interests.get(partition).forEach((held, request) -> {
                if (Path.parse(held.place().path()).part(0).equals("posts")) {
                    told.add(concerned(held, request));
                }
            });
        } else if (command instanceof RoutedChange change) {
            expect(partition, change);
        }
    }

    private void expect(int partition, PlaceInterest interest) {
        Map<Held, Long> here = interests.get(partition);
        Held held = new Held(new Place(interest.getKind(), interest.getPlace()), interest.getSubscriber());
        if (!interest.getWanted()) {
            here.remove(held);
            return;
        }
        here.put(held, interest.getRequest());
        if (interest.getKind() != PlaceKind.table) {
            begun.put(
                    interest.getRequest(),
                    new Begun(held, partition, interest.getSnapshot(), Map.copyOf(rows(partition, held.place()))));
        }
    }

    private Map<String, Row> rows(int partition, Place place) {
        return rowsAt.computeIfAbsent(new At(partition, place), at -> new TreeMap<>());
    }

    private void expect(int partition, RoutedChange change) {
        String text = change.getNewRow();
        List<String> told = new ArrayList<>();
        for (RoutedPlace at : change.getPlaces()) {
            boolean subject = at.getRole() == PlaceRole.subject;
            Place place = new Place(subject ? PlaceKind.record : PlaceKind.column, at.getPath());
            if (text == null || at.getRole() == PlaceRole.left) {
                rows(partition, place).remove(change.getRecord());
            } else {
                rows(partition, place).put(change.getRecord(), new Row(change.getPartition(), change.getRef(), text));
            }
            Place table =
                    new Place(PlaceKind.table, Path.parse(change.getRecord()).part(0));
            interests.get(partition).forEach((held, request) -> {
                if (held.place().equals(place) || (subject && held.place().equals(table))) {
                    told.add(concerned(held, request));
                }
            });
        }
        if (change.getOp() != RowOperation.snapshot && !told.isEmpty()) {
            expected.computeIfAbsent(name(change.getRecord(), change.getRef()), key -> new ArrayList<>())
                    .addAll(told);
        }
    }

    // What came of it.

    /** Every change has reached whom it concerns, once, in order. */
    void checkChanges() {
        Map<String, List<String>> told = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Map<String, Long> last = new HashMap<>();
            Set<String> subscribers = new HashSet<>();
            for (Out out : deliveries.get(partition)) {
                if (!(out.command().getCommand() instanceof ChangeDelivery delivery)
                        || delivery.getOp() == RowOperation.truncated) {
                    continue;
                }
                long ref = delivery.getSource().getOffset();
                String name = name(delivery.getRecord(), ref);
                RoutedChange change = Objects.requireNonNull(changes.get(name));
                assertThat(delivery.getOp()).isEqualTo(change.getOp());
                assertThat(delivery.getOldRow()).isEqualTo(change.getOldRow());
                assertThat(delivery.getNewRow()).isEqualTo(change.getNewRow());
                assertThat(delivery.getTransaction()).isEqualTo(change.getTransaction());
                assertThat(delivery.getTransactionRows()).isEqualTo(change.getTransactionRows());
                assertThat(ref).isGreaterThanOrEqualTo(last.getOrDefault(delivery.getRecord(), -1L));
                last.put(delivery.getRecord(), ref);
                Set<String> here = new TreeSet<>();
                for (Concerned one : delivery.getConcerned()) {
                    here.add(one.getSubscriber());
                    told.computeIfAbsent(name, key -> new ArrayList<>()).add(line(one));
                    assertThat(catalogue.syncDeliveries().partitionFor(Path.of(one.getSubscriber())))
                            .isEqualTo(partition);
                }
                here.forEach(subscriber ->
                        assertThat(subscribers.add(name + " " + subscriber)).isTrue());
            }
        }
        told.values().forEach(list -> list.sort(null));
        expected.values().forEach(list -> list.sort(null));
        assertThat(told).isEqualTo(expected);
    }

    private static String line(Concerned one) {
        return one.getSubscriber() + "," + one.getKind() + "," + one.getPlace() + "," + one.getRequest();
    }

    /** Truncations have reached whoever had an interest in the table and kept it. */
    void checkTruncations() {
        Map<String, List<String>> told = new TreeMap<>();
        for (List<Out> log : deliveries) {
            for (Out out : log) {
                if (out.command().getCommand() instanceof ChangeDelivery delivery
                        && delivery.getOp() == RowOperation.truncated) {
                    List<String> lines = told.computeIfAbsent(
                            delivery.getSource().getPartition() + "@"
                                    + delivery.getSource().getOffset(),
                            key -> new ArrayList<>());
                    delivery.getConcerned().forEach(one -> lines.add(line(one)));
                }
            }
        }
        Set<String> kept = interests.stream()
                .flatMap(here -> here.entrySet().stream())
                .map(one -> concerned(one.getKey(), one.getValue()))
                .collect(Collectors.toSet());
        expectedTruncations.forEach((name, lines) -> {
            List<String> got = told.getOrDefault(name, List.of());
            if (small) {
                assertThat(got)
                        .containsAll(lines.stream().filter(kept::contains).toList());
            } else {
                assertThat(got).containsExactlyInAnyOrderElementsOf(lines);
            }
        });
    }

    /** What an interest was told first and what it was told later are together what is at its place. */
    void checkSnapshots() {
        begun.forEach((request, interest) -> {
            int partition = catalogue
                    .syncDeliveries()
                    .partitionFor(Path.of(interest.held().subscriber()));
            List<Object> told = deliveries.get(partition).stream()
                    .map(out -> out.command().getCommand())
                    .toList();
            List<PlaceRows> first = told.stream()
                    .filter(PlaceRows.class::isInstance)
                    .map(PlaceRows.class::cast)
                    .filter(rows -> rows.getRequest() == request)
                    .toList();
            boolean kept = Objects.equals(interests.get(interest.partition()).get(interest.held()), request);
            if (kept || !small) {
                assertThat(first.stream().map(PlaceRows::getLast)).containsOnlyOnce(true);
                assertThat(first.get(first.size() - 1).getLast()).isTrue();
            }
            if (!small || !interest.snapshot()) {
                Map<String, Row> rows = new TreeMap<>();
                first.stream()
                        .flatMap(part -> part.getRows().stream())
                        .forEach(row -> rows.put(row.getRecord(), row(row)));
                assertThat(rows).isEqualTo(interest.snapshot() ? new TreeMap<>(interest.rows()) : Map.of());
            }
            if (interest.snapshot()) {
                Map<String, String> known = known(told, request, interest);
                if (kept) {
                    assertThat(known)
                            .isEqualTo(texts(
                                    rows(interest.partition(), interest.held().place())));
                }
            }
        });
    }

    private static Row row(PlaceRow row) {
        return new Row(row.getPartition(), row.getRef(), row.getRow());
    }

    private static Map<String, String> texts(Map<String, Row> rows) {
        Map<String, String> texts = new TreeMap<>();
        rows.forEach((record, row) -> texts.put(record, row.text()));
        return texts;
    }

    /** What somebody knows who keeps what this interest was told. */
    private Map<String, String> known(List<Object> told, long request, Begun interest) {
        Map<String, Known> known = new TreeMap<>();
        Map<Integer, Long> truncated = new HashMap<>();
        for (Object one : told) {
            if (one instanceof PlaceRows rows && rows.getRequest() == request) {
                for (PlaceRow row : rows.getRows()) {
                    take(known, truncated, row.getRecord(), new Known(row.getPartition(), row.getRef(), row.getRow()));
                }
            } else if (one instanceof ChangeDelivery delivery
                    && delivery.getConcerned().stream().anyMatch(concerned -> concerned.getRequest() == request)) {
                int partition = delivery.getSource().getPartition();
                long ref = delivery.getSource().getOffset();
                if (delivery.getOp() == RowOperation.truncated) {
                    truncated.merge(partition, ref, Math::max);
                    known.replaceAll((record, row) -> row.partition() == partition && row.ref() < ref
                            ? new Known(partition, row.ref(), null)
                            : row);
                } else {
                    Row first = interest.rows().get(delivery.getRecord());
                    if (!small && first != null) {
                        assertThat(ref).isGreaterThan(first.ref());
                    }
                    take(
                            known,
                            truncated,
                            delivery.getRecord(),
                            new Known(
                                    partition,
                                    ref,
                                    isAt(interest.held().place(), delivery.getNewRow()) ? delivery.getNewRow() : null));
                }
            }
        }
        Map<String, String> rows = new TreeMap<>();
        known.forEach((record, row) -> {
            if (row.row() != null) {
                rows.put(record, row.row());
            }
        });
        return rows;
    }

    private static void take(Map<String, Known> known, Map<Integer, Long> truncated, String record, Known row) {
        boolean gone = row.ref() < truncated.getOrDefault(row.partition(), -1L);
        Known before = known.get(record);
        if (!gone && (before == null || row.ref() >= before.ref())) {
            known.put(record, row);
        }
    }

    private static boolean isAt(Place place, @Nullable String row) {
        return row != null
                && (place.kind() == PlaceKind.record
                        || columnPlace(Path.parse(place.path()).part(1), row).equals(place.path()));
    }

    /** Whoever was told of a transaction hears that it is whole behind the last of it, and of one that lacks something never. */
    void checkTransactions() {
        checkTransactions(incomplete);
    }

    private void checkTransactions(Set<String> waitedFor) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Set<String> told = new HashSet<>();
            Set<String> whole = new HashSet<>();
            for (Out out : deliveries.get(partition)) {
                if (out.command().getCommand() instanceof TransactionWhole end) {
                    assertThat(whole.add(end.getTransaction())).isTrue();
                } else if (out.command().getCommand() instanceof ChangeDelivery delivery
                        && delivery.getTransaction() != null) {
                    assertThat(whole).doesNotContain(delivery.getTransaction());
                    told.add(delivery.getTransaction());
                }
            }
            told.removeAll(waitedFor);
            assertThat(whole).isEqualTo(told);
        }
    }

    /** Nothing is left in the stores that waits for anything, and nobody waits for what a transaction lacks. */
    void checkNothingWaits() {
        settle(NOW + WAIT.toMillis());
        settle(NOW + 2 * WAIT.toMillis());
        checkTransactions(Set.of());
        for (MemoryTask<RouteCommand> task : tasks) {
            Collection<Integer> left = new TreeSet<>();
            try (Scan scan = task.store().snapshot().scan(new byte[] {1}, null)) {
                while (scan.next()) {
                    left.add((int) scan.key()[0]);
                }
            }
            assertThat(LASTING).containsAll(left);
        }
    }
}
