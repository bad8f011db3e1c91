package io.forebay.app;

import io.forebay.erasure.ErasureClients;
import io.forebay.erasure.ErasureReport;
import io.forebay.erasure.ErasureRequest;
import io.forebay.erasure.InstanceErasure;
import io.forebay.erasure.KeyErasure;
import io.forebay.events.EventsFlow;
import io.forebay.keys.KeysFlow;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Erases on a cluster without being an instance, with clients of its own. */
public final class ErasureRun {

    private ErasureRun() {}

    /**
     * Erases keys.
     *
     * @param keys keys, each exactly, namespace included
     * @param matches matches, namespace included
     * @throws io.forebay.erasure.ErasureException when it is refused or not decided in time
     * @throws org.apache.kafka.common.KafkaException when the cluster does not answer
     */
    public static ErasureReport keys(
            ForebayConfig config, List<Path> keys, List<PathMatch> matches, ErasureRequest request)
            throws InterruptedException {
        return run(
                config,
                (catalogue, serdes, clients) -> new KeyErasure(
                                catalogue,
                                catalogue.changelog(
                                        catalogue.applicationId(KeysFlow.CAPABILITY), KeysFlow.STORE, catalogue.keys()),
                                serdes.serializer(KeyCommand.class),
                                clients)
                        .run(keys, matches, request));
    }

    /**
     * Erases the events of instances.
     *
     * @param streams each a domain and an instance
     * @throws io.forebay.erasure.ErasureException when it is refused or not decided in time
     * @throws org.apache.kafka.common.KafkaException when the cluster does not answer
     */
    public static ErasureReport instances(ForebayConfig config, List<Path> streams, ErasureRequest request)
            throws InterruptedException {
        return run(
                config,
                (catalogue, serdes, clients) -> new InstanceErasure(
                                catalogue,
                                catalogue.changelog(
                                        catalogue.applicationId(EventsFlow.CAPABILITY),
                                        EventsFlow.DECISIONS,
                                        catalogue.events()),
                                serdes,
                                clients)
                        .run(streams, request));
    }

    @FunctionalInterface
    private interface Erasure {
        ErasureReport run(TopicCatalogue catalogue, AvroSerdes serdes, ErasureClients clients)
                throws InterruptedException;
    }

    private static ErasureReport run(ForebayConfig config, Erasure erasure) throws InterruptedException {
        KafkaSettings settings = new KafkaSettings(config);
        try (AvroSerdes serdes = AvroSerdes.create(settings.serdes());
                Admin admin = Admin.create(settings.admin());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.commandProducer());
                KafkaConsumer<byte[], byte[]> committed = new KafkaConsumer<>(settings.plainConsumer(true));
                KafkaConsumer<byte[], byte[]> uncommitted = new KafkaConsumer<>(settings.plainConsumer(false))) {
            return erasure.run(
                    TopicCatalogue.of(config.node().topics()),
                    serdes,
                    new ErasureClients(
                            admin,
                            producer,
                            committed,
                            uncommitted,
                            config.node().startTimeout()));
        }
    }
}
