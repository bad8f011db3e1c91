package io.forebay.stream;

import io.forebay.routing.OverloadedException;
import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the state as it is, page by page, so that the changes told afterwards join it without a gap and without an overlap:
 *
 * <ol>
 *   <li>The reader marks where it stands in each sync partition ({@code c}) and the greatest unit offset before that ({@code F}).
 *   <li>It reads the pages. A page read at source position {@code S} has everything the units up to {@code S} have done. Units before {@code c} are
 *       never sent, so a page counts only if {@code S} is at or beyond {@code F}; else it is read again. (An owner that was deposed without knowing can
 *       answer with such a page.)
 *   <li>From {@code c} on it sends every change whose source lies beyond the {@code S} of the page that covers its key ({@link Floors}), and no other:
 *       those at or before it are in the page already, whenever the sync topic comes to tell of them.
 * </ol>
 *
 * <p>In the middle of a snapshot there is nothing to resume from; the id says so. A log is different: its pages are its changes in their order, so the id
 * says up to where they were told, and who is cut off goes on from the sync topic, which has them all.
 */
final class SnapshotPhase implements Phase {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotPhase.class);

    private final StreamReader reader;
    private final StreamRequest request;
    private String id;
    private final Iterator<Lane> lanes;
    private Lane lane;
    private @Nullable Object cursor;
    private long deadline;
    private @Nullable SnapshotPage page;

    SnapshotPhase(StreamReader reader) {
        this.reader = reader;
        this.request = reader.request();
        this.id = StreamToken.incomplete(request.feed().syncTopic()).text();
        this.lanes = reader.lanes().iterator();
        this.lane = lanes.next();
    }

    @Override
    public void begin() {
        reader.lanes().forEach(Lane::placeAtEnd);
        beginPage(null);
    }

    @Override
    public void proceed() {
        if (page != null && !reader.isFull()) {
            send(page);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean hasHeartbeat() {
        return true;
    }

    private void beginPage(@Nullable Object from) {
        cursor = from;
        deadline =
                reader.nanoTime() + reader.services().config().snapshotTimeout().toNanos();
        read();
    }

    private void read() {
        CompletionStage<SnapshotPage> reading;
        try {
            reading = request.pager().next(lane.partition, cursor, lane.scannedUnit());
        } catch (RuntimeException e) {
            reading = CompletableFuture.failedFuture(e);
        }
        reader.whenDone(reading, this, this::take, this::fail);
    }

    private void take(SnapshotPage read) {
        if (read.position() < lane.scannedUnit()) {
            readLater();
        } else {
            page = read;
            proceed();
        }
    }

    private void fail(Throwable failure) {
        if (failure instanceof PositionNotReachedException
                || failure instanceof PartitionUnavailableException
                || failure instanceof OverloadedException) {
            readLater();
        } else {
            LOG.warn("A snapshot for a stream of {} failed", request.feed().syncTopic(), failure);
            reader.disconnect("internal_error");
        }
    }

    private void readLater() {
        if (reader.nanoTime() - deadline >= 0) {
            reader.disconnect("snapshot_unavailable");
        } else {
            reader.later(this, this::read);
        }
    }

    /** What was told up to and with a page of a log. */
    private String idAfter(SnapshotPage read) {
        SortedMap<Integer, StreamToken.Lane> told = new TreeMap<>();
        for (Lane each : reader.lanes()) {
            boolean whole = each.partition < lane.partition || (each == lane && read.last());
            StreamToken.Lane place = whole ? each.forToken() : StreamToken.Lane.unplaced(each.floors());
            if (place == null) {
                return StreamToken.incomplete(request.feed().syncTopic()).text();
            }
            told.put(each.partition, place);
        }
        return new StreamToken(request.feed().syncTopic(), true, told).text();
    }

    private void send(SnapshotPage read) {
        page = null;
        if (request.feed().isLog()) {
            lane.coverLog(read);
            id = idAfter(read);
        } else {
            lane.cover(read);
        }
        reader.send("snapshot", read.json());
        if (!read.last()) {
            beginPage(read.cursor());
        } else if (lanes.hasNext()) {
            lane = lanes.next();
            beginPage(null);
        } else {
            reader.caughtUp(told -> told.floors().lowest());
        }
    }
}
