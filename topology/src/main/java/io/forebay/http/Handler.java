package io.forebay.http;

import java.util.concurrent.CompletionStage;

/**
 * Answers one kind of request. A {@link ProblemException}, thrown or as the failure of the stage, becomes its problem;
 * anything else that fails becomes 500 {@code internal} with an id that is also logged.
 */
@FunctionalInterface
public interface Handler {
    /** Answers the request; the stage may complete on any thread. */
    CompletionStage<Response> handle(Request request);
}
