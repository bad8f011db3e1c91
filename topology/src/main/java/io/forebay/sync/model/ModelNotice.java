package io.forebay.sync.model;

import io.forebay.command.StartNotice;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.topic.TopicSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Declares an instance's model when it starts. All partitions of row changes are asked first whether they can follow it, since each knows
 * only its own rows, and one that cannot has to be heard before any other follows.
 */
public final class ModelNotice {

    /** Room for what a record has beside the text. */
    private static final int RECORD_BYTES = 1024;

    private final StartNotice notice;
    private final TopicSpec changes;
    private final Serializer<RowChange> serializer;

    /**
     * A notice.
     *
     * @param changes the topic of row changes
     */
    public ModelNotice(StartNotice notice, TopicSpec changes, Serializer<RowChange> serializer) {
        this.notice = notice;
        this.changes = changes;
        this.serializer = serializer;
    }

    /** The most bytes that a model may have, so that it fits into the records by which it is passed on. */
    public static int mostBytes(List<TopicSpec> topics) {
        return topics.stream().mapToInt(TopicSpec::maxMessageBytes).min().orElse(Integer.MAX_VALUE) - RECORD_BYTES;
    }

    /** Declares a model, without waiting. */
    @SuppressWarnings("FutureReturnValueIgnored") // the notice goes on by itself and keeps what is refused
    public void send(KnownModel model) {
        byte[] value = serializer.serialize(changes.name(), change(model));
        notice.sendToPartitions(value)
                .thenCompose(accepted ->
                        accepted ? notice.send(KnownModel.KEY, value) : CompletableFuture.completedFuture(false));
    }

    /** A declaration as a record of row changes. */
    public static RowChange change(KnownModel model) {
        return RowChange.newBuilder()
                .setOp(RowOperation.declared)
                .setTable("")
                .setDeclared(model.declared())
                .build();
    }
}
