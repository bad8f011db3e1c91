package io.forebay.sync.http;

import io.forebay.http.FieldProblem;
import io.forebay.http.Problem;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.sync.FetchedRows;
import io.forebay.records.sync.LoadLimitException;
import io.forebay.records.sync.Loader;
import io.forebay.records.sync.Lookup;
import io.forebay.records.sync.Rows;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.routing.Answer;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.sync.association.query.CopiesFound;
import io.forebay.sync.association.query.FindCopies;
import io.forebay.sync.change.query.GetRows;
import io.forebay.sync.change.query.RowFound;
import io.forebay.sync.change.query.RowsFound;
import io.forebay.sync.channel.Stage;
import io.forebay.sync.channel.query.SentCounts;
import io.forebay.sync.row.Places;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Loads records with what associations lead to, wherever it is kept: rows by their keys where their changes are, rows by a value
 * at its place. A level of associations is one round of questions, and in each round every partition is asked once of a kind, however
 * many records the level has.
 *
 * <p><b>Position.</b> Places hear of row changes a little later than the rows do. The partitions of rows tell, at the position that is
 * asked for, how many changes they have sent to each partition of places; those wait for that many. So what is at a place is no older than the
 * position, without anybody having to write to every place from time to time.
 *
 * <p><b>Another model.</b> Where rows are not yet at all places of a model that was declared lately, a load by these waits as well, as long as reads
 * do.
 */
final class Preloads {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);
    private static final long AGAIN_MS = 10;
    private static final long INDEXING_RETRY_SECONDS = 5;

    private final Router router;
    private final StoreRef rows;
    private final StoreRef places;
    private final Model model;
    private final SyncHttpConfig config;
    private final LongSupplier nanoTime;

    /**
     * @param rows the store of rows
     * @param places the store of places
     * @param nanoTime a clock for spans
     */
    Preloads(Router router, StoreRef rows, StoreRef places, Model model, SyncHttpConfig config, LongSupplier nanoTime) {
        this.router = router;
        this.rows = rows;
        this.places = places;
        this.model = model;
        this.config = config;
        this.nanoTime = nanoTime;
    }

    /**
     * What was made of rows.
     *
     * @param value a record with what was loaded below it, or what an evaluation came to
     * @param position of the newest of it from each partition: what is read at it is no older
     */
    record Loaded(Value value, Position position) {}

    /**
     * Loads what is below a row.
     *
     * @param row as who asks may see it
     * @param visible what may be seen below it
     * @param position of the row
     * @return fails with a problem where it is more than may be loaded
     */
    CompletionStage<Loaded> load(Row row, Shape shape, VisibleRows visible, Position position, ReadOptions options) {
        FetchedRows fetched = new FetchedRows();
        fetched.put(row.id(), row);
        return evaluate(
                rowsSoFar -> new Loader(model, rowsSoFar, config.preloadMaxRows()).load(row, shape),
                fetched,
                visible,
                position,
                options);
    }

    /**
     * Makes a value of rows.
     *
     * @param evaluation a pure function, which is repeated with more rows until it finds all that it asks for
     * @param visible which of them may be seen
     * @param position of what it knows already
     * @return fails with a problem where it is more than may be loaded
     */
    CompletionStage<Loaded> evaluate(
            Function<Rows, Value> evaluation, VisibleRows visible, Position position, ReadOptions options) {
        return evaluate(evaluation, new FetchedRows(), visible, position, options);
    }

    private CompletionStage<Loaded> evaluate(
            Function<Rows, Value> evaluation,
            FetchedRows fetched,
            VisibleRows visible,
            Position position,
            ReadOptions options) {
        return new Load(evaluation, fetched, visible, position, options).start();
    }

    /** One load. Its rounds follow each other, so it is of one thread at a time. */
    private final class Load {

        private final Function<Rows, Value> evaluation;
        private final ReadOptions options;
        private final FetchedRows fetched;
        private final VisibleRows visible;
        private final Map<Integer, Map<Integer, Long>> sent = new HashMap<>();
        private final long deadline =
                nanoTime.getAsLong() + config.readTimeout().toNanos();
        private Position position;
        private int rowsLeft = config.preloadMaxRows();
        private long bytesLeft = config.preloadMaxBytes();

        Load(
                Function<Rows, Value> evaluation,
                FetchedRows fetched,
                VisibleRows visible,
                Position position,
                ReadOptions options) {
            this.evaluation = evaluation;
            this.fetched = fetched;
            this.visible = visible;
            this.position = position;
            this.options = options;
        }

        CompletionStage<Loaded> start() {
            List<CompletableFuture<?>> asked = new ArrayList<>();
            for (TopicPartition partition :
                    options.atLeast().ofTopic(rows.source().name()).offsets().keySet()) {
                if (partition.partition() < rows.source().partitions()) {
                    asked.add(countSent(partition.partition()).toCompletableFuture());
                }
            }
            return all(asked).thenCompose(done -> round());
        }

        private CompletionStage<@Nullable Void> countSent(int partition) {
            return router.ask(rows, partition, new SentCounts(Stage.PLACES), options)
                    .thenAccept(answer -> {
                        synchronized (this) {
                            sent.put(partition, answer.value().numbers());
                        }
                    });
        }

        private CompletionStage<Loaded> round() {
            Value value;
            try {
                value = evaluation.apply(fetched);
            } catch (LoadLimitException e) {
                return CompletableFuture.failedFuture(tooMany());
            }
            if (fetched.isComplete()) {
                return CompletableFuture.completedFuture(new Loaded(value, position));
            }
            List<CompletableFuture<?>> asked = new ArrayList<>();
            records()
                    .forEach((partition, records) ->
                            asked.add(fetch(partition, records).toCompletableFuture()));
            lookups()
                    .forEach((partition, lookups) ->
                            asked.add(find(partition, lookups).toCompletableFuture()));
            return all(asked).thenCompose(done -> round());
        }

        private Map<Integer, List<RecordId>> records() {
            Map<Integer, List<RecordId>> byPartition = new TreeMap<>();
            for (RecordId record : fetched.missingRecords()) {
                byPartition
                        .computeIfAbsent(rows.source().partitionFor(record.path()), partition -> new ArrayList<>())
                        .add(record);
            }
            return byPartition;
        }

        private Map<Integer, List<Lookup>> lookups() {
            Map<Integer, List<Lookup>> byPartition = new TreeMap<>();
            for (Lookup lookup : fetched.missingLookups()) {
                byPartition
                        .computeIfAbsent(places.source().partitionFor(place(lookup)), partition -> new ArrayList<>())
                        .add(lookup);
            }
            return byPartition;
        }

        /** An answer may have fewer records than were asked for, and the rest is asked for then. */
        private CompletionStage<@Nullable Void> fetch(int partition, List<RecordId> records) {
            GetRows query = new GetRows(records.stream().map(RecordId::toString).toList());
            return router.ask(rows, partition, query, options).thenCompose(answer -> {
                int got = take(records, answer);
                return got < records.size()
                        ? fetch(partition, records.subList(got, records.size()))
                        : CompletableFuture.completedFuture(null);
            });
        }

        private synchronized int take(List<RecordId> records, Answer<RowsFound> answer) {
            List<RowFound> found = answer.value().found();
            if (answer.position() >= 0) {
                position = position.merge(Position.of(answer.source(), answer.position()));
            }
            for (int i = 0; i < found.size(); i++) {
                byte[] text = found.get(i).row();
                if (text != null) {
                    spend(text);
                }
                fetched.put(records.get(i), text == null ? null : visible.show(new Row(records.get(i), parsed(text))));
            }
            return found.size();
        }

        private CompletionStage<@Nullable Void> find(int partition, List<Lookup> lookups) {
            FindCopies query = new FindCopies(
                    lookups.stream().map(lookup -> place(lookup).toString()).toList(),
                    wanted(partition),
                    rows.source().partitions(),
                    Math.max(0, rowsLeft()),
                    Math.max(0, bytesLeft()));
            ReadOptions anyPosition =
                    new ReadOptions(Position.empty(), config.readTimeout(), options.maxStaleness(), false);
            return router.ask(places, partition, query, anyPosition).thenCompose(answer -> {
                CopiesFound found = answer.value();
                if (found.behind() || found.indexing()) {
                    return later(partition, found.indexing()).thenCompose(again -> find(partition, lookups));
                }
                if (!found.complete()) {
                    return CompletableFuture.failedFuture(tooMany());
                }
                take(lookups, found);
                return CompletableFuture.completedFuture(null);
            });
        }

        private synchronized Map<Integer, Long> wanted(int partition) {
            Map<Integer, Long> wanted = new HashMap<>();
            sent.forEach((from, numbers) -> {
                Long number = numbers.get(partition);
                if (number != null) {
                    wanted.put(from, number);
                }
            });
            return wanted;
        }

        private CompletionStage<@Nullable Void> later(int partition, boolean isIndexing) {
            if (nanoTime.getAsLong() - deadline >= 0 && isIndexing) {
                return CompletableFuture.failedFuture(indexing());
            }
            if (nanoTime.getAsLong() - deadline >= 0) {
                return CompletableFuture.failedFuture(new PositionNotReachedException(
                        new TopicPartition(places.source().name(), partition)));
            }
            return CompletableFuture.runAsync(
                    () -> {}, CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS));
        }

        private synchronized void take(List<Lookup> lookups, CopiesFound found) {
            found.refs()
                    .forEach((from, ref) ->
                            position = position.merge(Position.of(rows.source().name(), from, ref)));
            for (int i = 0; i < lookups.size(); i++) {
                Table table = model.require(lookups.get(i).table());
                List<Row> at = new ArrayList<>();
                for (byte[] text : found.places().get(i)) {
                    spend(text);
                    JsonObject columns = parsed(text);
                    Row row = visible.show(new Row(
                            Objects.requireNonNull(RecordId.of(table, columns), "rows have their keys"), columns));
                    if (row != null) {
                        at.add(row);
                    }
                }
                fetched.put(lookups.get(i), at);
            }
        }

        private void spend(byte[] text) {
            rowsLeft--;
            bytesLeft -= text.length;
            if (rowsLeft < 0 || bytesLeft < 0) {
                throw tooMany();
            }
        }

        private synchronized int rowsLeft() {
            return rowsLeft;
        }

        private synchronized long bytesLeft() {
            return bytesLeft;
        }
    }

    private static Path place(Lookup lookup) {
        return Places.ofColumns(lookup.table(), lookup.columns(), lookup.key());
    }

    private static JsonObject parsed(byte[] text) {
        return JsonObject.parse(text, LIMITS);
    }

    private static RuntimeException indexing() {
        return Problem.unavailable(
                        "indexing",
                        "Rows are on their way to where this looks for them, as another model was declared",
                        null,
                        INDEXING_RETRY_SECONDS)
                .exception();
    }

    private RuntimeException tooMany() {
        String rule = "at most " + config.preloadMaxRows() + " rows and " + config.preloadMaxBytes()
                + " bytes, each counted as often as it is come by";
        return Problem.invalid(List.of(new FieldProblem("preload", rule))).exception();
    }

    private static CompletionStage<@Nullable Void> all(List<CompletableFuture<?>> asked) {
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
    }
}
