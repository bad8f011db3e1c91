package io.forebay.command;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a request, as the partition's writer keeps it.
 *
 * @param requestId the id the command was sent with
 * @param fingerprint what {@link CommandSender} answered for the command, to notice an id used for another command
 */
@SuppressWarnings("ArrayRecordComponent") // carried to the store
public record OutcomeQuery(String requestId, byte[] fingerprint) implements StoreQuery<OutcomeQuery.Found> {

    @Override
    public Found evaluate(StoreView view) {
        Stored stored = view.get(CommandKeys.outcome(requestId));
        if (stored == null) {
            return new Found(null);
        }
        KeptOutcome kept = KeptOutcome.decode(stored.payload());
        if (!kept.isOf(fingerprint)) {
            return new Found(Outcome.refused(keyReused()));
        }
        return new Found(kept.outcome());
    }

    static RefusedException keyReused() {
        return new RefusedException(
                422, "idempotency_key_reused", null, "this request id was used for another command before");
    }

    /**
     * What was found.
     *
     * @param outcome the outcome; null when none is kept for the id
     */
    public record Found(@Nullable Outcome outcome) {}
}
