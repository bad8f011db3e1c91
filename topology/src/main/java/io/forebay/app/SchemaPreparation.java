package io.forebay.app;

import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Makes the schemas of everything this process writes known before anything runs, so that no stream thread ever waits for
 * the registry to write; and that of row changes, so that their producers find it there.
 */
final class SchemaPreparation {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private SchemaPreparation() {}

    static void prepare(List<Wiring> capabilities, AvroSerdes serdes, TopicCatalogue catalogue, Duration timeout)
            throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                capabilities.forEach(capability -> capability.serializeExamples(serdes, catalogue));
                return;
            } catch (SerializationException e) {
                if (System.nanoTime() - end >= 0) {
                    throw new StartException(
                            "the schema registry did not take or know the schemas within " + timeout.toSeconds()
                                    + " s (schema.registry.url): " + rootMessage(e),
                            e);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
