package io.forebay.store;

import io.forebay.store.Progress.Point;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;

/**
 * Keeps back the last records of a restore until their write set is whole, so that a standby shows no half of one, and a
 * new owner decides its next input on the state that the set had not touched yet. The changelog can end in half a set:
 * when a producer times out in the middle of one, Kafka Streams may commit what was sent of it, without the input's offset.
 *
 * <p>A set is whole at its record marked as final. It is taken as whole too when another set follows it, because the
 * changelog is compacted: its final record may be gone, but not the last one of the log.
 */
final class RestoreBuffer {
    /** Write sets are smaller; a longer run is what compaction has left of many. */
    static final int MOST_HELD = 20_000;

    private final RecordForm form;
    private final List<KeyValue<Bytes, byte[]>> held = new ArrayList<>();
    private int settled;
    private boolean endsInValue;
    private long setOffset;
    private Point reached = Point.NONE;

    RestoreBuffer(RecordForm form) {
        this.form = form;
    }

    void add(KeyValue<Bytes, byte[]> record) {
        if (record.value == null) {
            addTombstone(record);
        } else {
            addValue(record);
        }
        if (held.size() - settled > MOST_HELD) {
            settled = held.size();
        }
    }

    private void addTombstone(KeyValue<Bytes, byte[]> record) {
        if (endsInValue) {
            settled = held.size();
            endsInValue = false;
        }
        held.add(record);
    }

    private void addValue(KeyValue<Bytes, byte[]> record) {
        long offset = form.offset(record.value);
        if (endsInValue && offset != setOffset) {
            settled = held.size();
        }
        held.add(record);
        setOffset = offset;
        endsInValue = !form.isFinal(record.value);
        if (!endsInValue) {
            settled = held.size();
            reached = reached.max(new Point(offset, form.logTime(record.value)));
        }
    }

    /** Takes out what can be applied. */
    List<KeyValue<Bytes, byte[]>> settled() {
        List<KeyValue<Bytes, byte[]>> ready = held.subList(0, settled);
        List<KeyValue<Bytes, byte[]>> taken = List.copyOf(ready);
        ready.clear();
        settled = 0;
        return taken;
    }

    /** The position of the last whole set so far. */
    Point reached() {
        return reached;
    }

    /** What is kept back, in the order of the log. */
    List<KeyValue<Bytes, byte[]>> held() {
        return List.copyOf(held);
    }

    /** Forgets what is kept back, and says how much it was. */
    int discard() {
        int discarded = held.size();
        held.clear();
        settled = 0;
        endsInValue = false;
        return discarded;
    }
}
