package io.forebay.http;

import io.forebay.routing.OverloadedException;
import io.forebay.routing.PartitionUnavailableException;
import io.forebay.routing.PositionNotReachedException;
import io.forebay.stream.TooManyStreamsException;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed handler is to its caller. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static Problem problem(Throwable failure, String method, String template) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ProblemException known) {
            return known.problem();
        }
        if (cause instanceof PositionNotReachedException) {
            return Problem.unavailable(
                    "position_not_reached",
                    "The state has not reached the position in time",
                    "ask again with the same Forebay-At-Least",
                    1);
        }
        if (cause instanceof PartitionUnavailableException gone) {
            return Problem.unavailable(
                    "partition_unavailable",
                    "Some partitions have nobody who answers for them now",
                    "partitions " + gone.partitions(),
                    1);
        }
        if (cause instanceof TooManyStreamsException) {
            return tooManyStreams();
        }
        if (cause instanceof OverloadedException || cause instanceof RejectedExecutionException) {
            return overloaded();
        }
        String id = UUID.randomUUID().toString();
        LOG.error("Request failed: {} {} id={}", method, template, id, cause);
        return Problem.of(500, "internal", "Something went wrong here", "logged with id " + id);
    }

    static Problem tooManyStreams() {
        return Problem.unavailable("too_many_streams", "This instance serves as many streams as it may", null, 5);
    }

    static Problem overloaded() {
        return Problem.unavailable("overloaded", "This instance has more to do than it accepts", null, 1);
    }
}
