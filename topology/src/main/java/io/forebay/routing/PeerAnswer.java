package io.forebay.routing;

import org.jspecify.annotations.Nullable;

/**
 * What a peer made of a {@link PeerRequest}.
 *
 * @param outcome what became of it
 * @param body the result, present if it was answered
 * @param position offset of the last source record the result has seen, -1 for none
 * @param message why it failed, present if it did
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier: never compared, never altered after it was made
record PeerAnswer(
        Outcome outcome,
        byte @Nullable [] body,
        long position,
        @Nullable String message) {

    enum Outcome {
        ANSWERED,
        NOT_OWNER,
        POSITION_NOT_REACHED,
        OVERLOADED,
        FAILED
    }

    static PeerAnswer answered(byte[] body, long position) {
        return new PeerAnswer(Outcome.ANSWERED, body, position, null);
    }

    static PeerAnswer without(Outcome outcome, @Nullable String message) {
        return new PeerAnswer(outcome, null, -1, message);
    }
}
