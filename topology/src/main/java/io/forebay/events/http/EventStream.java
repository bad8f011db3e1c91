package io.forebay.events.http;

import io.forebay.events.query.EventPage;
import io.forebay.events.state.EventLead;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.ReadCalls;
import io.forebay.http.calls.StreamCalls;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.stream.SnapshotPage;
import io.forebay.stream.SnapshotPager;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The stream of selected events: those that are there, page by page, then each as it is appended. */
final class EventStream {
    private static final List<String> OF_LISTS = List.of(
            "from",
            "to",
            "limit",
            "offset",
            "cursor",
            "direction",
            "from_version",
            "as_of",
            "explain",
            "allow-partial",
            "max-staleness");

    private final StreamCalls streams;
    private final EventReads reads;
    private final TopicSpec input;
    private final EventsHttpConfig config;

    EventStream(StreamCalls streams, EventReads reads, TopicSpec input, EventsHttpConfig config) {
        this.streams = streams;
        this.reads = reads;
        this.input = input;
        this.config = config;
    }

    CompletionStage<Response> open(Request request, EventSelection selection) {
        for (String name : OF_LISTS) {
            if (request.parameter(name) != null) {
                throw Problem.invalid(name, "is not taken by a stream").exception();
            }
        }
        Integer only = selection.partition(input);
        IntStream partitions = only == null ? IntStream.range(0, input.partitions()) : IntStream.of(only);
        return streams.open(
                request,
                partitions.boxed().collect(Collectors.toCollection(TreeSet::new)),
                change -> EventChangeKey.isSelected(change.key(), selection),
                pager(selection));
    }

    private SnapshotPager pager(EventSelection selection) {
        return (partition, cursor, atLeast) -> streams.page(
                        partition, selection.page((Long) cursor, config.snapshotPage(), config.pageBytes()), atLeast)
                .thenCompose(answer -> reads.events(answer.value().events(), ReadCalls.positionOf(answer))
                        .thenApply(json -> page(answer.value(), answer.position(), json)));
    }

    private static SnapshotPage page(EventPage page, long position, byte[] json) {
        if (page.next() == null) {
            return new SnapshotPage(json, new byte[0], true, position, null);
        }
        EventLead last = EventLead.of(page.events().get(page.events().size() - 1));
        return new SnapshotPage(
                json, EventChangeKey.through(last.sequence()), false, position, last.sequence(), last.offset());
    }
}
