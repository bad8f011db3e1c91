package io.forebay.command;

import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Waits for outcomes, whichever instance decides them. */
public final class Outcomes {

    private final Router router;

    /**
     * Over the instances of a cluster.
     *
     * @param router to the instance that decides
     */
    public Outcomes(Router router) {
        this.router = router;
    }

    /**
     * The outcome of a command.
     *
     * @param store the deciding store of its topic
     * @param receipt of the command
     * @param requestId it was sent with
     * @param wait how long at the most
     * @return the outcome, or null when the command was decided and none is kept: it became a dead letter; fails with
     *     {@link io.forebay.routing.PositionNotReachedException} when it is not decided in time
     */
    public CompletionStage<@Nullable Outcome> await(StoreRef store, Receipt receipt, String requestId, Duration wait) {
        ReadOptions options = ReadOptions.within(wait).atLeast(receipt.position());
        return router.ask(
                        store,
                        receipt.partition().partition(),
                        new OutcomeQuery(requestId, receipt.fingerprint()),
                        options)
                .thenApply(answer -> answer.value().outcome());
    }
}
