package io.forebay.sync.subscription.state;

import io.forebay.command.Decision;
import io.forebay.schemas.path.Path;
import io.forebay.store.Scan;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which subscribers of a partition have what they follow from a model before the one that is followed now. They are gone through in the
 * order of their names, some with each tick; those about whom something is decided before their turn are noted.
 */
public final class ReviewTable {

    /** Places that those have together who are reviewed in one tick, about. */
    private static final int PLACES_PER_TICK = 500;

    private static final int FORGOTTEN_PER_TICK = 1_000;

    /** Tells one review from those before. */
    private long number;

    /** Key from which on nobody was gone through; null where no review is under way. */
    private byte @Nullable [] from;

    /** Loads it. */
    public void open(StoreView view) {
        Stored stored = view.get(SubscriberKeys.review());
        from = null;
        if (stored != null) {
            ByteBuffer buffer = ByteBuffer.wrap(stored.payload());
            number = buffer.getLong();
            byte[] key = new byte[buffer.remaining()];
            buffer.get(key);
            from = key;
        }
    }

    /** Begins with all of them. */
    public void begin(Decision decision) {
        number = decision.offset();
        goOnFrom(SubscriberKeys.space(SubscriberKeys.NODE), decision);
    }

    private void goOnFrom(byte[] key, Decision decision) {
        from = key;
        decision.put(
                SubscriberKeys.review(),
                ByteBuffer.allocate(Long.BYTES + key.length)
                        .putLong(number)
                        .put(key)
                        .array());
    }

    /** Whether there may be more. */
    public boolean isUnderWay() {
        return from != null;
    }

    /** Whether it is a subscriber's turn, as something is to be decided about him; it is not again. */
    public boolean takeTurn(String name, Decision decision) {
        String subscriber = Path.of(name).toString();
        if (from == null || Arrays.compareUnsigned(SubscriberKeys.nodesOf(subscriber), from) < 0) {
            return false;
        }
        byte[] key = SubscriberKeys.reviewed(subscriber);
        Stored noted = decision.get(key);
        if (noted != null && ByteBuffer.wrap(noted.payload()).getLong() == number) {
            return false;
        }
        decision.put(key, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return true;
    }

    /** Some of those who come next, by name. */
    public List<String> next(Decision decision) {
        List<String> names = new ArrayList<>();
        byte[] start = from;
        if (start == null) {
            return names;
        }
        int places = 0;
        String last = null;
        try (Scan nodes = decision.before().scanPrefix(SubscriberKeys.space(SubscriberKeys.NODE))) {
            nodes.seek(start);
            while (nodes.next()) {
                String subscriber = new SubscriberKeys.Parts(nodes.key()).text();
                if (!subscriber.equals(last)) {
                    if (places >= PLACES_PER_TICK) {
                        break;
                    }
                    last = subscriber;
                    names.add(Path.parse(subscriber).part(0));
                }
                places++;
            }
        }
        return names;
    }

    /** Goes on behind those who had their turn; when there were none it ends. */
    public void passed(List<String> names, Decision decision) {
        if (!names.isEmpty()) {
            String last = Path.of(names.get(names.size() - 1)).toString();
            goOnFrom(SubscriberKeys.nodesAfter(last), decision);
        } else if (isForgotten(decision)) {
            from = null;
            decision.delete(SubscriberKeys.review());
        }
    }

    /** Forgets who had his turn before, and tells whether nobody is left. */
    private static boolean isForgotten(Decision decision) {
        int forgotten = 0;
        try (Scan noted = decision.before().scanPrefix(SubscriberKeys.space(SubscriberKeys.REVIEWED))) {
            while (noted.next()) {
                if (forgotten++ == FORGOTTEN_PER_TICK) {
                    return false;
                }
                decision.delete(noted.key());
            }
        }
        return true;
    }
}
