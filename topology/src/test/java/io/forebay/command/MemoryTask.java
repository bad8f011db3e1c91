package io.forebay.command;

import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.store.Indexing;
import io.forebay.store.MemoryStore;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a deciding stage with its store in memory, for tests that run many partitions of several stages in orders of
 * their own. It decides as the real one does; what that has besides, dead letters and outcomes, positions and replays, is not here: a
 * refusal is a failure of the test.
 */
public final class MemoryTask<C> {

    /** Something that a decision sends, in the order in which it does. */
    @SuppressWarnings("ArrayRecordComponent") // on its way; nothing compares it
    public record Sent(byte[] key, byte[] value) {}

    private final Decider<C> decider;
    private final int partition;
    private final MemoryStore store;
    private final List<Sent> told = new ArrayList<>();
    private final List<Sent> commanded = new ArrayList<>();
    private final List<Sent> further = new ArrayList<>();
    private long offset = -1;
    private long logTime;

    /** A task that has decided nothing yet. */
    public MemoryTask(Decider<C> decider, int partition, String store, Indexing indexing) {
        this.decider = decider;
        this.partition = partition;
        this.store = new MemoryStore(store, indexing);
        decider.open(this.store);
    }

    /** Its store. */
    public MemoryStore store() {
        return store;
    }

    /** Has the decider lose what it has in memory, and load it from the store. */
    public void reopen() {
        decider.open(store);
    }

    /** Decides a command at the next offset. */
    public void decide(byte[] key, C command, long time) {
        Open decision = open(time);
        try {
            if (ReservedKeys.isPartition(key)) {
                decider.decideForPartition(command, decision);
            } else {
                Path path = Path.parse(key);
                decider.checkKey(path);
                decider.decide(path, command, decision);
            }
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
        finish(decision);
    }

    /** Delivers a tick, if there is work for one or something has become due; tells whether there was. */
    public boolean tick(long time) {
        if (!decider.hasPendingWork() && decider.dueAt() > time) {
            return false;
        }
        Open decision = open(time);
        decider.proceed(decision);
        finish(decision);
        return true;
    }

    /** What went to the sync topic since it was last asked for. */
    public List<Sent> told() {
        return drain(told);
    }

    /** What went to the stage's own input topic since it was last asked for. */
    public List<Sent> commanded() {
        return drain(commanded);
    }

    /** What went to further topics since it was last asked for. */
    public List<Sent> further() {
        return drain(further);
    }

    private static List<Sent> drain(List<Sent> sent) {
        List<Sent> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    private Open open(long time) {
        offset++;
        logTime = Math.max(logTime, time);
        return new Open();
    }

    private void finish(Open decision) {
        int last = decision.changes.size() - 1;
        for (int i = 0; i <= last; i++) {
            Map.Entry<Path, Decision.Change> change = decision.changes.get(i);
            told.add(new Sent(change.getKey().toBytes(), change.getValue().encode(i, i == last)));
        }
        store.write(decision.writes, offset, logTime);
    }

    private final class Open implements Decision {

        private final Map<byte[], byte @Nullable []> writes = new TreeMap<>(Arrays::compareUnsigned);
        private final List<Map.Entry<Path, Change>> changes = new ArrayList<>();

        @Override
        public int partition() {
            return partition;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public long logTime() {
            return logTime;
        }

        @Override
        public @Nullable Stored get(byte[] key) {
            if (writes.containsKey(key)) {
                byte[] written = writes.get(key);
                return written == null ? null : new Stored(written, offset, logTime);
            }
            return store.get(key);
        }

        @Override
        public void put(byte[] key, byte[] payload) {
            writes.put(key, payload);
        }

        @Override
        public void delete(byte[] key) {
            writes.put(key, null);
        }

        @Override
        public StoreView before() {
            return store.snapshot();
        }

        @Override
        public SideStore beside(String name) {
            throw new IllegalArgumentException("there is no store beside the deciding one");
        }

        @Override
        public void tell(Path key, Change change) {
            changes.add(Map.entry(key, change));
        }

        @Override
        public void command(byte[] recordKey, byte[] value) {
            commanded.add(new Sent(recordKey, value));
        }

        @Override
        public void send(String sink, Path key, byte[] value) {
            further.add(new Sent(key.toBytes(), value));
        }
    }
}
