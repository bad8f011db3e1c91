package io.forebay.cache.change;

import io.forebay.command.CommandDecoder;
import io.forebay.command.DecidingHealth;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.topic.TopicSpec;
import java.util.function.Function;

/**
 * What a forwarder of row changes is made of.
 *
 * @param changes the topic it reads
 * @param commandSink node that invalidations go to
 * @param deadLetterSink node that records go to which cannot be read
 * @param decoder bytes to row changes
 * @param encoder commands to bytes
 * @param config which caches depend on which tables
 * @param keyMaxBytes of an entry's key
 * @param health counts dead letters
 * @param stats counts the rest
 */
record Forwarding(
        TopicSpec changes,
        String commandSink,
        String deadLetterSink,
        CommandDecoder<RowChange> decoder,
        Function<KeyCommand, byte[]> encoder,
        ChangesConfig config,
        int keyMaxBytes,
        DecidingHealth health,
        ChangeStats stats) {}
