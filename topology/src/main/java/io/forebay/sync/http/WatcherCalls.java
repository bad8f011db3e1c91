package io.forebay.sync.http;

import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.Conditions;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.ReadCalls;
import io.forebay.http.calls.Refusals;
import io.forebay.records.model.Model;
import io.forebay.records.value.Shape;
import io.forebay.records.watch.WatchException;
import io.forebay.records.watch.Watcher;
import io.forebay.records.watch.WatcherDerivation;
import io.forebay.records.watch.WatcherList;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.DefineWatchers;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.json.JsonValue;
import io.forebay.sync.definition.WatcherDefinitions;
import io.forebay.sync.definition.WatchersOutcome;
import io.forebay.sync.definition.query.GetWatchers;
import io.forebay.sync.identifier.IdentifierPath;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Defines watchers, tells which there are, and derives them from associations. */
final class WatcherCalls {

    private static final long AGAIN_MS = 10;

    private final Router router;
    private final StoreRef definitions;
    private final CommandCalls<SubscriptionCommand> commands;
    private final WatcherSource watchers;
    private final Model model;
    private final SyncHttpConfig config;
    private final LongSupplier nanoTime;

    WatcherCalls(
            Router router,
            StoreRef definitions,
            CommandCalls<SubscriptionCommand> commands,
            WatcherSource watchers,
            Model model,
            SyncHttpConfig config,
            LongSupplier nanoTime) {
        this.router = router;
        this.definitions = definitions;
        this.commands = commands;
        this.watchers = watchers;
        this.model = model;
        this.config = config;
        this.nanoTime = nanoTime;
    }

    CompletionStage<Response> get(Request request) {
        ReadOptions options = ReadCalls.options(request, config.readTimeout());
        return watchers.watchers(options).thenApply(known -> Response.json(json(known.all(), List.of())));
    }

    /** One partition decides; the answer waits until all have heard of it, so that what is subscribed to next finds it. */
    CompletionStage<Response> put(Request request) {
        Conditions.refuse(request);
        Body body = new Body(request, config, "watchers");
        JsonValue list = body.object.member("watchers");
        Refusals.checked(() -> {
            body.requireKnown();
            if (list == null) {
                throw RefusedException.invalid("/watchers", "a list of watchers");
            }
            return WatcherDefinitions.define(model, list.raw());
        });
        long deadline = nanoTime.getAsLong() + config.outcomeTimeout().toNanos();
        CompletableFuture<Long> version = new CompletableFuture<>();
        SubscriptionCommand command = new SubscriptionCommand(new DefineWatchers(list == null ? "[]" : list.raw(), 0L));
        return commands.write(request, IdentifierPath.WATCHERS, command, outcome -> decided(outcome, version))
                .thenCompose(response -> version.isDone()
                        ? everywhere(version.join(), deadline)
                                .thenApply(all -> all ? response : Response.json(202, "{\"accepted\":true}"))
                        : CompletableFuture.completedFuture(response));
    }

    private static Response decided(Outcome outcome, CompletableFuture<Long> version) {
        version.complete(WatchersOutcome.version(outcome));
        return Response.noContent();
    }

    private CompletionStage<Boolean> everywhere(long version, long deadline) {
        return router.askAll(definitions, new GetWatchers(version), ReadOptions.within(config.readTimeout()))
                .thenCompose(gathered -> {
                    boolean all = gathered.answers().stream()
                            .allMatch(answer -> answer.value().version() >= version);
                    if (all || nanoTime.getAsLong() - deadline >= 0) {
                        return CompletableFuture.completedFuture(all);
                    }
                    return CompletableFuture.runAsync(
                                    () -> {}, CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS))
                            .thenCompose(later -> everywhere(version, deadline));
                });
    }

    CompletionStage<Response> derive(Request request) {
        Body body = new Body(request, config, "table", "assocs", "extra_columns", "label", "existing");
        WatcherDerivation.Derived derived = Refusals.checked(() -> derive(body));
        return CompletableFuture.completedFuture(Response.json(json(derived.watchers(), derived.warnings())));
    }

    private WatcherDerivation.Derived derive(Body body) throws RefusedException {
        body.requireKnown();
        String table = body.text("table");
        String label = body.text("label");
        List<String> extraColumns = body.texts("extra_columns");
        if (table == null) {
            body.violate("/table", "the name of a table");
        }
        body.throwIfViolated();
        JsonValue assocs = body.object.member("assocs");
        JsonValue existing = body.object.member("existing");
        try {
            Shape shape = assocs == null || assocs.isNull() ? Shape.BARE : WatcherDerivation.assocs(assocs);
            List<Watcher> there = existing == null || existing.isNull() ? List.of() : existing(existing);
            return WatcherDerivation.derive(model, String.valueOf(table), shape, extraColumns, label, there);
        } catch (WatchException e) {
            throw WatcherDefinitions.refused(e);
        }
    }

    private static List<Watcher> existing(JsonValue list) throws RefusedException {
        try {
            return WatcherList.parse(list);
        } catch (WatchException e) {
            throw WatcherDefinitions.refused(e).below("/existing");
        }
    }

    private static byte[] json(List<Watcher> watchers, List<String> warnings) {
        JsonBuffer json = new JsonBuffer().text("{\"watchers\":[");
        for (int i = 0; i < watchers.size(); i++) {
            json.text(i == 0 ? "" : ",").raw(watchers.get(i).toJson().bytes());
        }
        json.text("]");
        if (!warnings.isEmpty()) {
            json.text(",\"warnings\":[");
            for (int i = 0; i < warnings.size(); i++) {
                json.text(i == 0 ? "" : ",")
                        .raw(JsonValue.ofText(warnings.get(i)).rawBytes());
            }
            json.text("]");
        }
        return json.text("}").bytes();
    }
}
