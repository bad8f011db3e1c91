package io.forebay.http.calls;

import io.forebay.http.Request;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What all reads have in common: how they want their answer, and the position of what was answered. */
public final class ReadCalls {
    /** Entries of a page where the caller does not say. */
    public static final int DEFAULT_LIMIT = 100;
    /** Entries of a page at the most. */
    public static final int MAX_LIMIT = 1000;

    private static final int MAX_STALENESS_SECONDS = 86_400;

    private ReadCalls() {}

    /** {@code Forebay-At-Least}, {@code max-staleness} and {@code allow-partial}, where the call takes them. */
    public static ReadOptions options(Request request, Duration timeout) {
        @Nullable Duration staleness = null;
        if (request.parameter("max-staleness") != null) {
            staleness = Duration.ofSeconds(request.integerParameter("max-staleness", 0, MAX_STALENESS_SECONDS, 0));
        }
        return new ReadOptions(request.atLeast(), timeout, staleness, request.booleanParameter("allow-partial"));
    }

    /** How many entries a page may have. */
    public static int limit(Request request) {
        return request.integerParameter("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    }

    /** The position of one answer. */
    public static Position positionOf(Answer<?> answer) {
        return answer.position() < 0 ? Position.empty() : Position.of(answer.source(), answer.position());
    }

    /** The position of all answers. */
    public static Position positionOf(Gathered<?> gathered) {
        return gathered.answers().stream().map(ReadCalls::positionOf).reduce(Position.empty(), Position::merge);
    }
}
