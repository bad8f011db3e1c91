package io.forebay.command;

import io.forebay.schemas.topic.HeaderNames;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the dead letters of one partition of an input topic: the record as it was received, and in headers what was wrong
 * with it and where it stood. One that nobody is told of otherwise is logged. Used by the one stream thread that reads the
 * partition.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private static final long QUIET_LOG_MS = 1_000;

    private static final long NONE = Long.MIN_VALUE;

    private final TopicSpec input;
    private final int partition;
    private final DecidingHealth health;

    private long lastLogged = NONE;

    /**
     * For one partition.
     *
     * @param health counts them
     */
    public DeadLetters(TopicSpec input, int partition, DecidingHealth health) {
        this.input = input;
        this.partition = partition;
        this.health = health;
    }

    /**
     * The dead letter of a record.
     *
     * @param record as it was received, with its append time
     * @param offset of it
     * @param reason stable code
     * @param field the member at fault, or null
     * @param rule the rule in words, with nothing of the value
     */
    public Record<byte[], byte[]> of(
            Record<byte[], byte[]> record, long offset, String reason, @Nullable String field, String rule) {
        return of(record, offset, reason, new Violation(field, rule).toString());
    }

    /**
     * The dead letter of a record.
     *
     * @param record as it was received, with its append time
     * @param offset of it
     * @param reason stable code
     * @param detail what was wrong in words, with nothing of the value
     */
    public Record<byte[], byte[]> of(Record<byte[], byte[]> record, long offset, String reason, String detail) {
        Record<byte[], byte[]> letter =
                new Record<>(record.key(), record.value(), Math.max(0, record.timestamp()), record.headers());
        Headers headers = letter.headers();
        headers.add(HeaderNames.REASON, utf8(reason));
        headers.add(HeaderNames.DETAIL, utf8(detail));
        headers.add(HeaderNames.TOPIC, utf8(input.name()));
        headers.add(HeaderNames.PARTITION, utf8(Integer.toString(partition)));
        headers.add(HeaderNames.OFFSET, utf8(Long.toString(offset)));
        health.countDeadLetter();
        long now = record.timestamp();
        if (isAnswered(headers)) {
            LOG.debug("dead letter: {} at {}-{} offset {}", reason, input.name(), partition, offset);
        } else if (lastLogged == NONE || now >= lastLogged + QUIET_LOG_MS) {
            lastLogged = now;
            LOG.warn("dead letter: {} at {}-{} offset {}", reason, input.name(), partition, offset);
        }
        return letter;
    }

    /** Whether somebody asks what became of the record: a condition that does not hold is everyday business to him. */
    private static boolean isAnswered(Headers headers) {
        return headers.lastHeader(HeaderNames.REQUEST_ID) != null;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
