package io.forebay.sync.oracle;

import org.junit.jupiter.api.Test;

/** As many of {@link Cases} as find what happens seldom. */
class SyncOracleIT {

    @Test
    void everySubscriberHasWhatAFreshLoadAnswers() {
        Cases.play(2_000, false);
    }

    @Test
    void everySubscriberHasWhatAFreshLoadByTheModelThatWasDeclaredLastAnswers() {
        Cases.play(500, true);
    }
}
