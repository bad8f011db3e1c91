package io.forebay.sync.http;

import io.forebay.command.Receipt;
import io.forebay.http.FieldProblem;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.StreamCalls;
import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Condition;
import io.forebay.records.model.Conditions;
import io.forebay.records.model.Model;
import io.forebay.records.model.Ordering;
import io.forebay.records.model.Table;
import io.forebay.records.sync.Declared;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Shape;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.FollowRows;
import io.forebay.schemas.avro.RenewLease;
import io.forebay.schemas.avro.SubscriberCommand;
import io.forebay.schemas.avro.Unsubscribe;
import io.forebay.schemas.avro.WatchedScope;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.identifier.IdentifierPath;
import io.forebay.sync.live.LiveCopy;
import io.forebay.sync.live.LiveStream;
import io.forebay.sync.rule.AccessRules;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Streams of values: a record with what is below it, or the records of a table that meet conditions.
 *
 * <p>Each is followed by a subscriber of its own, which lives as long as the stream and is known by a name that nobody can guess. Its
 * messages are read from when it did not follow anything yet, so none is missed. It goes by what rows are there and not by watchers,
 * and by the rules for the claims that the stream was opened with. If the instance ends without ending it, its lease does.
 */
final class LiveRecords {

    /** Where its commands come from: they are not numbered, as each is about a subscriber of its own. */
    private static final String STAGE = "stream";

    private static final Duration LEASE = Duration.ofMinutes(1);

    private final StreamCalls streams;
    private final TopicSpec subscribers;
    private final CommandCalls<DeliveryCommand> commands;
    private final Model model;
    private final AccessRules rules;
    private final SyncHttpConfig config;
    private final RecordRequests requests;
    private final Executor executor;

    /**
     * @param subscribers the topic of subscribers
     * @param commands writes it
     * @param executor runs what takes long
     */
    LiveRecords(
            StreamCalls streams,
            TopicSpec subscribers,
            CommandCalls<DeliveryCommand> commands,
            Model model,
            AccessRules rules,
            SyncHttpConfig config,
            Executor executor) {
        this.streams = streams;
        this.subscribers = subscribers;
        this.commands = commands;
        this.model = model;
        this.rules = rules;
        this.config = config;
        this.requests = new RecordRequests(model);
        this.executor = executor;
    }

    /** The stream of a record, which may not be there, or not any more. */
    CompletionStage<Response> record(Request request) {
        RecordId record = RecordId.of(requests.record(request));
        Shape shape = requests.preload(request, model.require(record.table()));
        FollowRows follow = follow(request, record.table(), shape)
                .setScope(WatchedScope.record)
                .setValues(record.key().stream()
                        .map(value -> JsonValue.ofText(value).raw())
                        .toList())
                .build();
        return open(request, new Declared.One(record, shape), follow);
    }

    /** The stream of the records of a table that meet conditions. */
    CompletionStage<Response> table(Request request) {
        if (!request.wantsEvents()) {
            throw Problem.of(
                            406,
                            "not_acceptable",
                            "The path answers event streams only",
                            "ask with Accept: text/event-stream")
                    .exception();
        }
        Table table = requests.table(request);
        Shape shape = requests.preload(request, table);
        Conditions where = where(request.parameter("where"), table);
        FollowRows.Builder follow =
                follow(request, table.name(), shape).setWhere(where.toJson().text());
        List<String> columns = lookedUpBy(where, table);
        if (columns.isEmpty()) {
            follow.setScope(WatchedScope.every);
        } else {
            follow.setScope(WatchedScope.column)
                    .setColumns(columns)
                    .setValues(columns.stream()
                            .map(column -> expected(where, column).raw())
                            .toList());
        }
        return open(request, new Declared.Many(table.name(), where, Ordering.NONE, shape), follow.build());
    }

    private FollowRows.Builder follow(Request request, String table, Shape shape) {
        return FollowRows.newBuilder()
                .setTable(table)
                .setAssocs(shape.toJson().text())
                .setClaims(ClaimsJson.text(request.claims()))
                .setLeaseMs(LEASE.toMillis());
    }

    private Conditions where(@Nullable String text, Table table) {
        if (text == null) {
            return Conditions.NONE;
        }
        Conditions where;
        try {
            where = Conditions.parse(JsonObject.parse(text, JsonLimits.defaults()), table);
        } catch (JsonSyntaxException e) {
            throw Problem.invalid("where", "a JSON object of conditions by column, {\"status\":\"open\"}")
                    .exception();
        } catch (InvalidFileException e) {
            throw Problem.invalid(e.problems().stream()
                            .map(problem -> new FieldProblem("where" + problem.pointer(), problem.problem()))
                            .toList())
                    .exception();
        }
        List<FieldProblem> hidden = rules
                .check(Map.of(table.name(), where.byColumn().keySet()))
                .stream()
                .map(problem -> new FieldProblem("where", problem.problem()))
                .toList();
        if (!hidden.isEmpty()) {
            throw Problem.invalid(hidden).exception();
        }
        return where;
    }

    /** The columns by which the rows are found where rows of a value are next to each other; none where the whole table has to be looked at. */
    private List<String> lookedUpBy(Conditions where, Table table) {
        return model.associationKeys(table.name()).stream()
                .filter(columns ->
                        columns.stream().allMatch(column -> where.byColumn().get(column) instanceof Condition.Equals))
                .max(Comparator.comparing(List::size))
                .orElse(List.of());
    }

    private static JsonValue expected(Conditions where, String column) {
        return where.byColumn().get(column) instanceof Condition.Equals equal ? equal.expected() : JsonValue.NULL;
    }

    private CompletionStage<Response> open(Request request, Declared declared, FollowRows follow) {
        String subscriber = IdentifierPath.ofStream(UUID.randomUUID().toString());
        byte[] key = Path.of(subscriber).toBytes();
        boolean isReturning = request.header("Last-Event-ID") != null;
        return streams.openFromNow(
                new TreeSet<>(List.of(subscribers.partitionFor(Path.of(subscriber)))),
                change -> Arrays.equals(change.key(), key),
                sink -> new LiveStream(
                        sink,
                        new LiveCopy(model, declared, config.preloadMaxRows()),
                        isReturning,
                        executor,
                        new Followed(subscriber, follow)));
    }

    /** What is followed for one stream. */
    private final class Followed implements LiveStream.Source {

        private final String subscriber;
        private final FollowRows follow;
        private final LeaseRenewal renewal;
        private final AtomicBoolean begun = new AtomicBoolean();

        Followed(String subscriber, FollowRows follow) {
            this.subscriber = subscriber;
            this.follow = follow;
            this.renewal = new LeaseRenewal(LEASE, () -> send(new RenewLease()));
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // either end of it is handled
        public void begin(LiveStream stream) {
            begun.set(true);
            send(follow).whenComplete((receipt, failure) -> {
                if (failure != null) {
                    stream.fail("unavailable");
                }
            });
            renewal.begin();
            CompletableFuture.delayedExecutor(config.readTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .execute(stream::endUnlessTold);
        }

        /** Where it is not acknowledged, the lease runs out. */
        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public void end() {
            renewal.end();
            if (begun.get()) {
                send(new Unsubscribe(null));
            }
        }

        private CompletionStage<Receipt> send(Object command) {
            return commands.send(
                    Path.of(subscriber),
                    new DeliveryCommand(STAGE, 0, 0L, new SubscriberCommand(subscriber, command)),
                    UUID.randomUUID().toString());
        }
    }
}
