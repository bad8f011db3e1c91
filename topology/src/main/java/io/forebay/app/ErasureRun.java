package io.forebay.app;

import io.forebay.erasure.ErasureReport;
import io.forebay.erasure.ErasureRequest;
import io.forebay.erasure.KeyErasure;
import io.forebay.keys.KeysFlow;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Erases keys on a cluster without being an instance. */
public final class ErasureRun {

    private ErasureRun() {}

    /**
     * Erases, with clients of its own.
     *
     * @throws io.forebay.erasure.ErasureException when it is refused or not decided in time
     * @throws org.apache.kafka.common.KafkaException when the cluster does not answer
     */
    public static ErasureReport run(ForebayConfig config, ErasureRequest request) throws InterruptedException {
        TopicCatalogue catalogue = TopicCatalogue.of(config.node().topics());
        KafkaSettings settings = new KafkaSettings(config);
        try (AvroSerdes serdes = AvroSerdes.create(settings.serdes());
                Admin admin = Admin.create(settings.admin());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.commandProducer());
                KafkaConsumer<byte[], byte[]> committed = new KafkaConsumer<>(settings.plainConsumer(true));
                KafkaConsumer<byte[], byte[]> uncommitted = new KafkaConsumer<>(settings.plainConsumer(false))) {
            return new KeyErasure(
                            catalogue,
                            catalogue.changelog(
                                    catalogue.applicationId(KeysFlow.CAPABILITY), KeysFlow.STORE, catalogue.keys()),
                            serdes.serializer(KeyCommand.class),
                            admin,
                            producer,
                            committed,
                            uncommitted,
                            config.node().startTimeout())
                    .run(request);
        }
    }
}
