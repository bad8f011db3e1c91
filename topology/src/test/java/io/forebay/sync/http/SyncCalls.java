package io.forebay.sync.http;

import io.forebay.http.Resource;
import io.forebay.http.calls.CallsServer;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.RowChange;
import io.forebay.sync.association.PlacesFlow;
import io.forebay.sync.change.RowsFlow;
import java.time.Duration;

/** The calls of record sync, to be served with no cluster behind them. */
public final class SyncCalls {

    static final Model MODEL = ModelFile.parse("""
            tables:
              users: {columns: [id, name]}
              grades: {pk: [school, pupil], columns: [school, pupil, grade]}
            """);

    private SyncCalls() {}

    public static Resource on(CallsServer server) {
        return new SyncResource(
                RowsFlow.store(server.catalogue()),
                PlacesFlow.store(server.catalogue()),
                server.router(),
                server.sender(),
                server.transactions(),
                server.outcomes(),
                server.serdes().serializer(RowChange.class),
                MODEL,
                new SyncHttpConfig(Duration.ofSeconds(1), Duration.ofSeconds(1), 1 << 20, 3, 100, 1 << 20),
                System::nanoTime);
    }
}
