package io.forebay.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells changes: from the windows, and where the place has left a window before the reader came to it, from the topic until the place is in it.
 *
 * <p>Changes of one unit are sent next to each other. All but the last carry the id of the message before the unit, so that a reader cut off in the
 * middle gets the unit again, whole, and one that wants whole units applies what it has got whenever the id moves.
 *
 * <p>Closed changes of a unit are opened when it is the unit's turn, and nothing is sent before they are: what windows hold stays closed.
 */
final class ChangesPhase implements Phase {

    private static final Logger LOG = LoggerFactory.getLogger(ChangesPhase.class);

    /** Messages sent, or units passed over, before others get their turn. */
    private static final int TURN = 256;

    private final StreamReader reader;
    private final StreamRequest request;
    private final List<Lane> lanes;
    private int turn;
    private final Deque<StreamChange> outgoing = new ArrayDeque<>();
    private @Nullable Lane outgoingLane;
    private @Nullable Unit outgoingUnit;
    /** Whether what goes out next is being opened. */
    private boolean opening;

    private final long began;
    /** The id of what was sent and passed over so far, null while it is not written out. */
    private @Nullable String id;

    private @Nullable String sentId;

    ChangesPhase(StreamReader reader) {
        this.reader = reader;
        this.request = reader.request();
        this.lanes = reader.lanes();
        this.began = reader.nanoTime();
    }

    @Override
    public void begin() {
        proceed();
    }

    @Override
    public void proceed() {
        for (int left = TURN; left > 0; left--) {
            if (!reader.isIn(this) || reader.isFull() || opening) {
                return;
            }
            if (outgoing.isEmpty() && !nextUnit()) {
                return;
            }
            if (!outgoing.isEmpty() && !opening) {
                sendChange();
            }
        }
        reader.wake();
    }

    /** Until a unit is out the id stands still: a reader knows by it what is whole. */
    @Override
    public @Nullable String id() {
        if (outgoing.isEmpty()) {
            if (id == null) {
                id = token();
            }
            sentId = id;
        }
        return sentId;
    }

    @Override
    public boolean hasHeartbeat() {
        return true;
    }

    private void sendChange() {
        StreamChange change = outgoing.remove();
        if (outgoing.isEmpty() && outgoingLane != null && outgoingUnit != null) {
            outgoingLane.pass(outgoingUnit);
            id = null;
        }
        reader.send("change", change.json());
    }

    /** Takes the next unit of the lane whose turn it is; false if no lane has one now. */
    private boolean nextUnit() {
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(turn);
            turn = (turn + 1) % lanes.size();
            if (lane.isEmpty() && !lane.reading) {
                refill(lane);
                if (!reader.isIn(this)) {
                    return false;
                }
            }
            Unit unit = lane.poll();
            if (unit != null) {
                choose(lane, unit);
                return true;
            }
        }
        return false;
    }

    private void choose(Lane lane, Unit unit) {
        for (StreamChange change : unit.changes()) {
            if (isWanted(lane, change)) {
                outgoing.add(change);
            }
        }
        if (outgoing.isEmpty()) {
            lane.pass(unit);
            id = null;
        } else {
            outgoingLane = lane;
            outgoingUnit = unit;
            List<StreamChange> closed =
                    outgoing.stream().filter(StreamChange::closed).toList();
            if (!closed.isEmpty()) {
                opening = true;
                open(
                        lane,
                        closed,
                        reader.nanoTime()
                                + reader.services().config().snapshotTimeout().toNanos());
            }
        }
    }

    private boolean isWanted(Lane lane, StreamChange change) {
        return request.selector().test(change) && lane.floors().passes(change);
    }

    private void open(Lane lane, List<StreamChange> closed, long deadline) {
        CompletionStage<List<byte[]>> opened;
        try {
            opened = request.feed().opener().open(lane.partition, closed, () -> ahead(lane), began);
        } catch (RuntimeException e) {
            opened = CompletableFuture.failedFuture(e);
        }
        reader.whenDone(opened, this, this::opened, failure -> {
            if (reader.nanoTime() - deadline < 0) {
                reader.later(this, () -> open(lane, closed, deadline));
            } else {
                LOG.warn(
                        "Changes for a stream of {} cannot be opened: {}",
                        request.feed().syncTopic(),
                        failure.toString());
                reader.disconnect("unavailable");
            }
        });
    }

    private Iterator<StreamChange> ahead(Lane lane) {
        return lane.ready()
                .flatMap(unit -> unit.changes().stream())
                .filter(change -> change.closed() && isWanted(lane, change))
                .iterator();
    }

    private void opened(List<byte[]> told) {
        Iterator<byte[]> next = told.iterator();
        List<StreamChange> unit = new ArrayList<>(outgoing);
        outgoing.clear();
        unit.forEach(change -> outgoing.add(change.closed() ? change.opened(next.next()) : change));
        opening = false;
        proceed();
    }

    private void refill(Lane lane) {
        if (lane.isReset()) {
            reader.refetch("reset");
            return;
        }
        Window.Slice slice = lane.window().read(lane.next());
        if (slice != null) {
            lane.live = true;
            take(lane, slice);
        } else if (lane.live) {
            reader.disconnectSlow();
        } else {
            catchUp(lane, lane.window().mark().start());
        }
    }

    private void take(Lane lane, Window.Slice slice) {
        if (lane.take(slice)) {
            id = null;
        }
    }

    private void catchUp(Lane lane, long until) {
        lane.reading = true;
        reader.whenDone(
                reader.services().log().read(request.feed(), lane.partition, lane.next(), until, request.selector()),
                this,
                slice -> {
                    lane.reading = false;
                    take(lane, slice);
                    proceed();
                },
                failure -> {
                    if (failure instanceof SyncLog.GoneException) {
                        reader.refetch("expired");
                    } else {
                        reader.later(this, () -> {
                            lane.reading = false;
                            proceed();
                        });
                    }
                });
    }

    /** Everything that was sent or passed over so far, as an id. */
    private String token() {
        SortedMap<Integer, StreamToken.Lane> told = new TreeMap<>();
        for (Lane lane : lanes) {
            StreamToken.Lane place = lane.forToken();
            if (place == null) {
                return StreamToken.incomplete(request.feed().syncTopic()).text();
            }
            told.put(lane.partition, place);
        }
        return new StreamToken(request.feed().syncTopic(), true, told).text();
    }
}
