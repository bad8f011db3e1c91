package io.forebay.it.stack;

import io.forebay.schemas.topic.TopicCatalogue;

/** What is around a running Forebay: where its topics are and who knows their schemas. */
public interface Surroundings {
    /** Of the cluster with the topics. */
    String bootstrapServers();

    /** Value of {@code schema.registry.url}. */
    String registryUrl();

    /** Its topics. */
    TopicCatalogue topics();
}
