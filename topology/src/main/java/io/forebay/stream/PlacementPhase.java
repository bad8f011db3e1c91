package io.forebay.stream;

import io.forebay.schemas.position.Position;
import io.forebay.stream.StreamReader.Resume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a stream's place in its sync partitions: where an earlier connection stopped, else where the request says. A place that is in none of the
 * windows may still be in the topic; one that is in neither is made up for by a fresh snapshot.
 */
final class PlacementPhase implements Phase {

    private static final Logger LOG = LoggerFactory.getLogger(PlacementPhase.class);

    private final StreamReader reader;
    private final StreamRequest request;
    private final @Nullable Resume resume;
    private final SyncLog log;

    PlacementPhase(StreamReader reader, @Nullable Resume resume) {
        this.reader = reader;
        this.request = reader.request();
        this.resume = resume;
        this.log = reader.services().log();
    }

    @Override
    public void begin() {
        List<CompletableFuture<?>> following = new ArrayList<>();
        for (Lane lane : reader.lanes()) {
            following.add(log.follow(request.feed(), lane.partition, reader::wake)
                    .thenAccept(tail -> reader.hold(lane, tail))
                    .toCompletableFuture());
        }
        CompletionStage<?> followed = CompletableFuture.allOf(following.toArray(CompletableFuture<?>[]::new));
        reader.whenDone(followed, this, done -> place(), failure -> reader.disconnect("unavailable"));
    }

    @Override
    public void proceed() {
        // What there is to read is read once the place is found.
    }

    @Override
    public @Nullable String id() {
        return request.lastEventId();
    }

    @Override
    public boolean hasHeartbeat() {
        return false;
    }

    private void place() {
        if (resume != null) {
            resume(resume.token());
        } else if (request.start() instanceof StreamStart.After after) {
            startAfter(after.position(), reader::follow);
        } else if (request.start() instanceof StreamStart.Now now) {
            startAfter(
                    now.position(),
                    () -> reader.caughtUp(lane -> offset(now.position(), lane).orElseGet(lane::scannedUnit)));
        } else {
            reader.snapshot();
        }
    }

    private void resume(@Nullable StreamToken token) {
        if (token == null) {
            reader.refetch("unknown_id");
        } else if (!token.syncTopic().equals(request.feed().syncTopic())) {
            reader.refetch("other_stream");
        } else if (!token.complete()) {
            reader.refetch("incomplete_snapshot");
        } else if (!token.lanes().keySet().equals(request.partitions())) {
            reader.refetch("other_stream");
        } else {
            resumeAt(token);
        }
    }

    private void resumeAt(StreamToken token) {
        List<CompletableFuture<Boolean>> beyond = new ArrayList<>();
        List<CompletableFuture<Runnable>> placed = new ArrayList<>();
        for (Lane lane : reader.lanes()) {
            StreamToken.Lane told = Objects.requireNonNull(token.lanes().get(lane.partition));
            if (told.isUnplaced()) {
                placed.add(placeAfter(lane, Floors.of(told.floors())));
                continue;
            }
            Window.Mark mark = lane.window().mark();
            lane.place(mark, told.next(), Floors.of(told.floors()));
            // The window may be a moment behind what another instance has sent.
            if (told.next() > mark.next()) {
                beyond.add(log.end(request.feed(), lane.partition)
                        .thenApply(end -> told.next() > end)
                        .toCompletableFuture());
            }
        }
        whenAll(beyond, anyBeyond -> {
            if (anyBeyond.contains(true)) {
                reader.refetch("beyond_end");
            } else {
                whenPlaced(placed, reader::follow);
            }
        });
    }

    private OptionalLong offset(Position position, Lane lane) {
        return position.offset(new TopicPartition(request.feed().sourceTopic(), lane.partition));
    }

    private void startAfter(Position position, Runnable then) {
        List<CompletableFuture<Runnable>> placed = new ArrayList<>();
        for (Lane lane : reader.lanes()) {
            OptionalLong offset = offset(position, lane);
            if (offset.isEmpty()) {
                lane.placeAtEnd();
            } else {
                placed.add(placeAfter(lane, Floors.at(offset.getAsLong())));
            }
        }
        whenPlaced(placed, then);
    }

    /** Finds the place of who has what was told, in the order of sources; what it gives takes it. */
    private CompletableFuture<Runnable> placeAfter(Lane lane, Floors told) {
        long offset = told.lowest();
        Window.Mark mark = lane.window().mark();
        if (mark.lastUnit() >= 0 && mark.lastUnit() <= offset) {
            return CompletableFuture.completedFuture(() -> lane.place(mark, mark.next(), told));
        }
        if (mark.unitBeforeStart() <= offset) {
            return CompletableFuture.completedFuture(() -> lane.place(mark, mark.start(), told));
        }
        return log.locate(request.feed(), lane.partition, offset)
                .<Runnable>thenApply(from -> () -> lane.place(mark, from, told))
                .toCompletableFuture();
    }

    private void whenPlaced(List<CompletableFuture<Runnable>> placed, Runnable then) {
        whenAll(placed, placing -> {
            placing.forEach(Runnable::run);
            then.run();
        });
    }

    /** Goes on when all have answered; starts over where one of them finds the wanted records gone. */
    private <T> void whenAll(List<CompletableFuture<T>> stages, Consumer<List<T>> then) {
        CompletionStage<?> all = CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new));
        reader.whenDone(
                all,
                this,
                done -> then.accept(stages.stream().map(CompletableFuture::join).toList()),
                this::fail);
    }

    private void fail(Throwable failure) {
        if (failure instanceof SyncLog.GoneException) {
            reader.refetch("expired");
        } else {
            LOG.warn("A stream of {} cannot find its place: {}", request.feed().syncTopic(), failure.toString());
            reader.disconnect("unavailable");
        }
    }
}
