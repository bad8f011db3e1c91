package io.forebay.sync.http;

import io.forebay.http.Resource;
import io.forebay.http.calls.CallsServer;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.stream.Feed;
import io.forebay.sync.association.PlacesFlow;
import io.forebay.sync.change.RowsFlow;
import io.forebay.sync.definition.DefinitionsFlow;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.subscription.SubscribersFlow;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The calls of record sync, to be served with no cluster behind them. */
public final class SyncCalls {

    static final Model MODEL = ModelFile.parse("""
            tables:
              users:
                columns: [id, name]
                assocs:
                  clubs: {kind: many_to_many, table: clubs, through: memberships, owner_key: user_id, related_key: club_id}
              clubs:
                columns: [id]
                assocs:
                  users: {kind: many_to_many, table: users, through: memberships, owner_key: club_id, related_key: user_id}
              memberships: {columns: [id, user_id, club_id]}
              grades: {pk: [school, pupil], columns: [school, pupil, grade]}
            """);

    private SyncCalls() {}

    public static Resource on(CallsServer server) {
        return new SyncResource(
                new SyncResource.Stages(
                        RowsFlow.store(server.catalogue()),
                        PlacesFlow.store(server.catalogue()),
                        DefinitionsFlow.store(server.catalogue()),
                        SubscribersFlow.store(server.catalogue()),
                        options -> CompletableFuture.completedFuture(Watchers.everyTable(MODEL))),
                new SyncResource.Writing(
                        server.sender(),
                        server.transactions(),
                        server.outcomes(),
                        server.serdes().serializer(RowChange.class),
                        server.serdes().serializer(SubscriptionCommand.class),
                        server.serdes().serializer(DeliveryCommand.class)),
                server.router(),
                server.hub(),
                new Feed(
                        server.catalogue().syncDeliveries().name(),
                        server.catalogue().recordsSync().name(),
                        new RecordToldCodec(server.serdes().deserializer(RecordTold.class))),
                MODEL,
                AccessRules.open(MODEL),
                new SyncHttpConfig(Duration.ofSeconds(1), Duration.ofSeconds(1), 1 << 20, 3, 100, 1 << 20, "sub"),
                System::nanoTime,
                Runnable::run);
    }
}
