package io.forebay.stream;

import io.forebay.schemas.position.Position;

/** Where a stream without a last event id begins. */
public sealed interface StreamStart {

    /** With the state as it is, then every change after it. */
    record Snapshot() implements StreamStart {}

    /**
     * With the first change after the stream was opened, once {@code caught-up} has told the position of that.
     *
     * @param position how far the state was then: what it had is not told, though the topic may not have it yet. A partition that is not in it is
     *     followed from the end of the topic
     */
    record Now(Position position) implements StreamStart {}

    /**
     * With the first change beyond a position of the source topic, such as a write answered with.
     *
     * @param position offsets of the source topic's partitions; a partition that is not in it is read as {@link Now}
     */
    record After(Position position) implements StreamStart {}

    static StreamStart snapshot() {
        return new Snapshot();
    }

    static StreamStart now() {
        return new Now(Position.empty());
    }

    static StreamStart now(Position position) {
        return new Now(position);
    }

    static StreamStart after(Position position) {
        return new After(position);
    }
}
