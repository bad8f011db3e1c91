package io.forebay.app;

import io.forebay.cache.CacheDecider;
import io.forebay.cache.CacheLoaders;
import io.forebay.cache.CacheStats;
import io.forebay.cache.change.ChangeStats;
import io.forebay.cache.change.ChangesFlow;
import io.forebay.cache.http.CacheHttpConfig;
import io.forebay.cache.http.CacheResource;
import io.forebay.cache.loader.Loaders;
import io.forebay.cache.query.LookUp;
import io.forebay.cache.query.Looked;
import io.forebay.command.DecidingHealth;
import io.forebay.command.StartNotice;
import io.forebay.http.Resource;
import io.forebay.keys.KeysFlow;
import io.forebay.keys.KeysNotice;
import io.forebay.keys.http.KeyChangeCodec;
import io.forebay.keys.http.KeysHttpConfig;
import io.forebay.keys.http.KeysResource;
import io.forebay.keys.query.CountKeys;
import io.forebay.keys.query.GetKey;
import io.forebay.keys.query.GetKeys;
import io.forebay.keys.query.KeyFound;
import io.forebay.keys.query.KeyPage;
import io.forebay.keys.query.KeysFound;
import io.forebay.keys.query.MatchKeys;
import io.forebay.routing.QueryRegistry;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.stream.Feed;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.streams.Topology;

/** Keys, and the caches that live in their store. */
final class KeysWiring implements Wiring {

    @Override
    public String name() {
        return KeysFlow.CAPABILITY;
    }

    @Override
    public void register(QueryRegistry queries) {
        queries.register("keys.get", GetKey.class, KeyFound.class)
                .register("keys.get.many", GetKeys.class, KeysFound.class)
                .register("keys.match", MatchKeys.class, KeyPage.class)
                .register("keys.count", CountKeys.class, Long.class)
                .register("cache.look", LookUp.class, Looked.class);
    }

    @Override
    public void serializeExamples(AvroSerdes serdes, TopicCatalogue catalogue) {
        serdes.serializer(KeyCommand.class).serialize(catalogue.keys().name(), new KeyCommand(new PutKeys(List.of())));
        serdes.serializer(KeyChanged.class)
                .serialize(
                        catalogue.keysSync().name(),
                        KeyChanged.newBuilder()
                                .setKey("")
                                .setType(KeyChange.put)
                                .setValue(ByteBuffer.allocate(0))
                                .setContentType("")
                                .setVersion(0L)
                                .setSource(new SourcePosition(0, 0L))
                                .setUnitOffset(0L)
                                .setUnitIndex(0)
                                .setUnitLast(true)
                                .build());
        serdes.serializer(RowChange.class)
                .serialize(
                        catalogue.changes().name(),
                        RowChange.newBuilder()
                                .setOp(RowOperation.truncated)
                                .setTable("")
                                .build());
    }

    @Override
    public Capability wire(Parts parts) {
        DecidingHealth health = new DecidingHealth();
        CacheStats cacheStats = new CacheStats(parts.metrics()::add);
        ChangeStats changeStats = new ChangeStats();
        parts.metrics().add(changeStats);
        StartNotice notice = notice(parts);
        return new Capability(
                name(),
                KeysFlow.store(parts.catalogue()),
                topology(parts, health, cacheStats, changeStats),
                health,
                List.of(keys(parts), caches(parts, cacheStats)),
                notice::problems);
    }

    private static StartNotice notice(Parts parts) {
        StartNotice notice = parts.notice(KeysFlow.store(parts.catalogue()));
        KeysNotice keys =
                new KeysNotice(notice, parts.catalogue().keys(), parts.serdes().serializer(KeyCommand.class));
        keys.send(parts.config().node().topics().placement());
        keys.send(parts.config().cache().policy().limits());
        return notice;
    }

    private static Topology topology(
            Parts parts, DecidingHealth health, CacheStats cacheStats, ChangeStats changeStats) {
        ForebayConfig config = parts.config();
        TopicCatalogue catalogue = parts.catalogue();
        Topology keys = KeysFlow.topology(
                catalogue,
                parts.serdes(),
                parts.engine(),
                config.keys(),
                parts.retention(),
                parts.ticks(),
                health,
                decider -> new CacheDecider(decider, catalogue.keys(), config.keys(), cacheStats));
        return ChangesFlow.addTo(keys, catalogue, parts.serdes(), config.changes(), config.keys(), health, changeStats);
    }

    private static Resource keys(Parts parts) {
        TopicCatalogue catalogue = parts.catalogue();
        return new KeysResource(
                KeysFlow.store(catalogue),
                parts.router(),
                parts.sender(),
                parts.transactions(),
                parts.outcomes(),
                parts.serdes().serializer(KeyCommand.class),
                parts.hub(),
                new Feed(
                        catalogue.keys().name(),
                        catalogue.keysSync().name(),
                        new KeyChangeCodec(parts.serdes().deserializer(KeyChanged.class))),
                KeysHttpConfig.of(parts.config().keys()));
    }

    private static Resource caches(Parts parts, CacheStats cacheStats) {
        ForebayConfig config = parts.config();
        Loaders loaders = CacheLoaders.open(
                config.cache().loaders(),
                config.keys().valueMaxBytes(),
                parts.metrics().pools(),
                parts.metrics()::add);
        return new CacheResource(
                KeysFlow.store(parts.catalogue()),
                parts.catalogue().changes(),
                parts.router(),
                parts.sender(),
                parts.transactions(),
                parts.outcomes(),
                parts.serdes().serializer(KeyCommand.class),
                CacheHttpConfig.of(config.cache(), config.keys()),
                parts.lifecycle().keep("cache loaders", loaders),
                cacheStats,
                System::nanoTime);
    }
}
