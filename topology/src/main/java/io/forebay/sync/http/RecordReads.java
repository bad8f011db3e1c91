package io.forebay.sync.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.ReadCalls;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Row;
import io.forebay.records.value.Shape;
import io.forebay.records.value.ValueJson;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.sync.change.query.FindChange;
import io.forebay.sync.change.query.GetRow;
import io.forebay.sync.change.query.RowFound;
import io.forebay.sync.rule.AccessRules;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads records, and changes by their ids. */
final class RecordReads {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private final Router router;
    private final StoreRef rows;
    private final Model model;
    private final AccessRules rules;
    private final SyncHttpConfig config;
    private final Preloads preloads;
    private final RecordRequests requests;

    RecordReads(
            Router router, StoreRef rows, Model model, AccessRules rules, SyncHttpConfig config, Preloads preloads) {
        this.router = router;
        this.rows = rows;
        this.model = model;
        this.rules = rules;
        this.config = config;
        this.preloads = preloads;
        this.requests = new RecordRequests(model);
    }

    CompletionStage<Response> get(Request request) {
        Path record = requests.record(request);
        Shape shape = requests.preload(request, model.require(record.part(0)));
        ReadOptions options = ReadCalls.options(request, config.readTimeout());
        return router.ask(rows, rows.source().partitionFor(record), new GetRow(record.toString()), options)
                .thenCompose(answer -> found(record, shape, answer, VisibleRows.to(request.claims(), rules), options));
    }

    /** A record that who asks may not see is not there. */
    private CompletionStage<Response> found(
            Path record, Shape shape, Answer<RowFound> answer, VisibleRows visible, ReadOptions options) {
        Position position = ReadCalls.positionOf(answer);
        byte[] text = answer.value().row();
        Row row = text == null ? null : visible.show(new Row(RecordId.of(record), JsonObject.parse(text, LIMITS)));
        if (row == null) {
            return CompletableFuture.completedFuture(
                    Response.problem(Problem.of(404, "not_found", "There is no such record", null))
                            .at(position));
        }
        if (shape.isBare()) {
            return CompletableFuture.completedFuture(bare(record, row.columns().bytes())
                    .tagged(Long.toString(answer.value().ref()))
                    .at(position));
        }
        return preloads.load(row, shape, visible, position, options)
                .thenApply(
                        loaded -> Response.json(ValueJson.write(loaded.value()).rawBytes())
                                .at(loaded.position()));
    }

    private static Response bare(Path record, byte[] row) {
        return Response.json(new JsonBuffer()
                .text("{\"table\":")
                .text(JsonValue.ofText(record.part(0)).raw())
                .text(",\"row\":")
                .raw(row)
                .text("}")
                .bytes());
    }

    /** The partition of a change cannot be told from its id, so each is asked. */
    CompletionStage<Response> change(Request request) {
        String id = request.pathParameter("id");
        String preload = request.parameter("preload");
        ReadOptions options = ReadCalls.options(request, config.readTimeout());
        return router.askAll(rows, new FindChange(id), options)
                .thenCompose(
                        gathered -> changed(id, preload, gathered, VisibleRows.to(request.claims(), rules), options));
    }

    private CompletionStage<Response> changed(
            String id,
            @Nullable String preload,
            Gathered<FindChange.Found> gathered,
            VisibleRows visible,
            ReadOptions options) {
        Position position = ReadCalls.positionOf(gathered);
        for (Answer<FindChange.Found> answer : gathered.answers()) {
            if (answer.value().op() != null) {
                return changed(id, preload, answer.value(), visible, position, options);
            }
        }
        return CompletableFuture.completedFuture(unknown(position));
    }

    private static Response unknown(Position position) {
        return Response.problem(
                        Problem.of(404, "not_found", "There is no change of this id, or it is too long ago", null))
                .at(position);
    }

    /** Of a table that the model has no more, nothing can be loaded and no rule says who may see it. */
    private CompletionStage<Response> changed(
            String id,
            @Nullable String preload,
            FindChange.Found found,
            VisibleRows visible,
            Position position,
            ReadOptions options) {
        Path record = Path.parse(Objects.requireNonNull(found.record(), "record"));
        Table table = model.table(record.part(0));
        RowFound now = found.row();
        byte[] text = now == null ? null : now.row();
        if (table == null || (text == null && !visible.mayKnowOfDeleted(table.name()))) {
            return CompletableFuture.completedFuture(unknown(position));
        }
        Shape shape = requests.preload(preload, table);
        Row row = text == null ? null : visible.show(new Row(RecordId.of(record), JsonObject.parse(text, LIMITS)));
        if (text != null && row == null) {
            return CompletableFuture.completedFuture(unknown(position));
        }
        byte[] columns = row == null ? null : row.columns().bytes();
        if (row == null || shape.isBare()) {
            return CompletableFuture.completedFuture(
                    Response.json(json(id, found, record, columns).text("}").bytes())
                            .at(position));
        }
        return preloads.load(row, shape, visible, position, options)
                .thenApply(loaded -> Response.json(json(id, found, record, columns)
                                .text(",\"assocs\":")
                                .raw(associations(loaded).rawBytes())
                                .text("}")
                                .bytes())
                        .at(loaded.position()));
    }

    private static JsonValue associations(Preloads.Loaded loaded) {
        JsonObject record = ValueJson.write(loaded.value()).asObject();
        return Objects.requireNonNull(record.member("assocs"), "what was loaded");
    }

    private static JsonBuffer json(String id, FindChange.Found found, Path record, byte @Nullable [] row) {
        JsonBuffer json = new JsonBuffer()
                .text("{\"id\":")
                .text(JsonValue.ofText(id).raw())
                .text(",\"op\":\"" + found.op() + "\",\"ref\":\"" + found.ref() + "\",\"table\":")
                .text(JsonValue.ofText(record.part(0)).raw())
                .text(",\"key\":")
                .text(Path.of(record.parts().subList(1, record.size())).toJson())
                .text(",\"row\":");
        return row == null ? json.text("null") : json.raw(row);
    }
}
