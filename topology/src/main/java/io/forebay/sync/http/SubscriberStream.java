package io.forebay.sync.http;

import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.StreamCalls;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.definition.SubscriptionRules;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * The stream of what a subscriber is told. It begins now, or where an earlier one left off: what was told meanwhile is on the topic. There is
 * no snapshot to begin with, since what a subscriber shows he has subscribed to with its rows, or has read. Who has missed what the topic
 * does not hold any more is told to fetch anew, and reads again what he shows.
 */
final class SubscriberStream {

    private static final int LONGEST_LEASE_MS = 999_999_999;

    private final StreamCalls streams;
    private final TopicSpec told;
    private final CommandCalls<SubscriptionCommand> commands;

    SubscriberStream(StreamCalls streams, TopicSpec told, CommandCalls<SubscriptionCommand> commands) {
        this.streams = streams;
        this.told = told;
        this.commands = commands;
    }

    CompletionStage<Response> open(Request request, String subscriber) {
        byte[] key = Path.of(subscriber).toBytes();
        Duration lease = lease(request);
        return streams.openWithoutState(
                request,
                new TreeSet<>(List.of(told.partitionFor(Path.of(subscriber)))),
                change -> Arrays.equals(change.key(), key),
                sink -> lease.isZero() ? sink : LeaseRenewal.during(sink, commands, subscriber, lease));
    }

    private static Duration lease(Request request) {
        return Duration.ofMillis(
                request.integerParameter("lease_ms", (int) SubscriptionRules.SHORTEST_LEASE_MS, LONGEST_LEASE_MS, 0));
    }
}
