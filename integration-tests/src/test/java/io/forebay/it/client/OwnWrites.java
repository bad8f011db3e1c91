package io.forebay.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.schemas.position.Position;
import java.util.Objects;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The position that covers what a client wrote, which its reads ask for and are held to. */
public final class OwnWrites {
    private Position position = Position.empty();

    /** One by topic. */
    public void add(RecordMetadata appended) {
        position = position.merge(Position.of(appended.topic(), appended.partition(), appended.offset()));
    }

    /** One by call; answers the position of its records. */
    public Position add(Reply reply) {
        Position written = Position.parse(Objects.requireNonNull(reply.position(), "a write answers its position"));
        position = position.merge(written);
        return written;
    }

    /** What a read asks for; null before the first write. */
    public @Nullable String token() {
        return position.isEmpty() ? null : position.token();
    }

    /** The offset that a read's state of a partition was at; -1 of one that holds nothing yet. Not behind the writes. */
    public long offset(Reply reply, TopicPartition partition) {
        return offset(reply.position(), partition);
    }

    /** As {@link #offset(Reply, TopicPartition)}, of a read's position. */
    public long offset(@Nullable String read, TopicPartition partition) {
        long offset = (read == null ? Position.empty() : Position.parse(read))
                .offset(partition)
                .orElse(-1);
        assertThat(offset)
                .as("read your writes")
                .isGreaterThanOrEqualTo(position.offset(partition).orElse(-1));
        return offset;
    }
}
