package io.forebay.sync.http;

import io.forebay.command.CommandSender;
import io.forebay.command.Outcomes;
import io.forebay.command.TransactionalSender;
import io.forebay.http.Resource;
import io.forebay.http.Response;
import io.forebay.http.Route;
import io.forebay.http.Routes;
import io.forebay.http.calls.CommandCalls;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.avro.RowChange;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serializer;

/** Every call of record sync. */
public final class SyncResource implements Resource {

    private static final String MODEL = "/v1/model";
    private static final String CHANGES = "/v1/changes";
    private static final String CHANGE = "/v1/changes/{id}";
    private static final String RECORD = "/v1/records/{table}/{key...}";

    private final ChangeWrites writes;
    private final RecordReads reads;
    private final SyncHttpConfig config;
    private final byte[] model;

    /**
     * The calls.
     *
     * @param rows the store of rows, whose source is the topic of row changes
     * @param places the store of places
     * @param transactions sends what is more than one change
     * @param serializer writes that topic's values
     * @param model of the tables
     * @param nanoTime a clock for spans
     */
    public SyncResource(
            StoreRef rows,
            StoreRef places,
            Router router,
            CommandSender sender,
            TransactionalSender transactions,
            Outcomes outcomes,
            Serializer<RowChange> serializer,
            Model model,
            SyncHttpConfig config,
            LongSupplier nanoTime) {
        this.writes = new ChangeWrites(
                new CommandCalls<>(sender, outcomes, rows, serializer, config.outcomeTimeout()),
                transactions,
                rows.source(),
                model,
                config);
        this.reads = new RecordReads(
                router, rows, model, config, new Preloads(router, rows, places, model, config, nanoTime));
        this.config = config;
        this.model = ModelFile.write(model).bytes();
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.of("POST", CHANGES, writes::write)
                .body(Route.Body.json(config.bodyBytes()))
                .onWorker());
        routes.add(Route.get(CHANGE, reads::change).parameters("preload", "max-staleness"));
        routes.add(Route.get(MODEL, request -> CompletableFuture.completedFuture(Response.json(model))));
        routes.add(Route.get(RECORD, reads::get).parameters("preload", "max-staleness"));
    }
}
