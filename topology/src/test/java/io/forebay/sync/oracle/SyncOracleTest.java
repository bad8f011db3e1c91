package io.forebay.sync.oracle;

import org.junit.jupiter.api.Test;

/** Some cases of {@link Cases}, for every build. */
class SyncOracleTest {

    @Test
    void everySubscriberHasWhatAFreshLoadAnswers() {
        Cases.play(100, false);
    }

    @Test
    void everySubscriberHasWhatAFreshLoadByTheModelThatWasDeclaredLastAnswers() {
        Cases.play(40, true);
    }
}
