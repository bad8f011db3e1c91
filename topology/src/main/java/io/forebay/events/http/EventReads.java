package io.forebay.events.http;

import io.forebay.events.EventJson;
import io.forebay.events.EventTime;
import io.forebay.events.query.EventPage;
import io.forebay.events.query.Pagination;
import io.forebay.events.query.ReadEvents;
import io.forebay.events.query.ReadStream;
import io.forebay.events.query.StreamPage;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.events.state.EventLead;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.MergedPages;
import io.forebay.http.calls.ReadCalls;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.position.Position;
import io.forebay.schemas.serde.DecodeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The reads: events by what they are, and the events of a stream by their versions. */
final class EventReads {
    private static final int MAX_OFFSET = 999_999_999;

    private final Router router;
    private final StoreRef log;
    private final EventOpening opening;
    private final EventsHttpConfig config;

    EventReads(Router router, StoreRef log, EventOpening opening, EventsHttpConfig config) {
        this.router = router;
        this.log = log;
        this.opening = opening;
        this.config = config;
    }

    /** What a request asks of a list. */
    private record Asked(
            EventSelection selection,
            @Nullable Long from,
            @Nullable Long to,
            @Nullable EventCursor cursor,
            boolean backward,
            int offset,
            int limit,
            @Nullable Position asOf,
            boolean explain) {

        boolean counted() {
            return cursor == null;
        }
    }

    CompletionStage<Response> list(Request request) {
        boolean backward = backward(request);
        Asked asked = new Asked(
                EventSelection.of(request),
                time(request, "from"),
                time(request, "to"),
                EventCursor.of(request, backward),
                backward,
                request.integerParameter("offset", 0, MAX_OFFSET, 0),
                ReadCalls.limit(request),
                asOf(request),
                request.booleanParameter("explain"));
        if (asked.cursor() != null && request.parameter("offset") != null) {
            throw Problem.invalid("offset", "is not taken beside cursor").exception();
        }
        Integer only = asked.selection().partition(log.source());
        if (asked.offset() > 0 && only == null && log.source().partitions() > 1) {
            throw Problem.invalid("offset", "is taken where one partition is read: page by cursor")
                    .exception();
        }
        ReadOptions options = options(request, asked.asOf());
        CompletionStage<Gathered<EventPage>> gathered = only != null
                ? router.ask(log, only, query(asked, only), options)
                        .thenApply(answer -> new Gathered<>(List.of(answer), List.of()))
                : router.askEach(log, partition -> query(asked, partition), options);
        return gathered.thenCompose(pages -> page(asked, pages));
    }

    private ReadEvents query(Asked asked, int partition) {
        EventCursor cursor = asked.cursor();
        EventSelection selection = asked.selection();
        return new ReadEvents(
                selection.type(),
                selection.domain(),
                selection.instanceId(),
                asked.from(),
                asked.to(),
                cursor == null ? null : cursor.after().get(partition),
                asked.backward(),
                asked.offset(),
                asked.limit(),
                config.pageBytes(),
                asOf(asked.asOf(), partition),
                asked.counted());
    }

    /** Where an event is among those of all partitions: by time, and in its partition by its number. */
    private record Place(long insertedAt, int partition, long sequence) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparingLong(Place::insertedAt)
                .thenComparingInt(Place::partition)
                .thenComparingLong(Place::sequence);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // on its way to the answer; nothing compares it
    private record Placed(Place place, byte[] event) {
        static Placed of(byte[] event) {
            EventLead lead = EventLead.of(event);
            return new Placed(new Place(lead.insertedAt(), lead.partition(), lead.sequence()), event);
        }
    }

    private CompletionStage<Response> page(Asked asked, Gathered<EventPage> gathered) {
        List<MergedPages.Page<Placed, Place>> pages = new ArrayList<>();
        long total = 0;
        long entriesRead = 0;
        for (Answer<EventPage> answer : gathered.answers()) {
            EventPage page = answer.value();
            List<Placed> placed = page.events().stream().map(Placed::of).toList();
            pages.add(new MergedPages.Page<>(
                    placed,
                    page.next() == null ? null : placed.get(placed.size() - 1).place()));
            Long counted = page.total();
            total += counted == null ? 0 : counted;
            entriesRead += page.entriesRead();
        }
        Comparator<Place> order = asked.backward() ? Comparator.reverseOrder() : Comparator.naturalOrder();
        MergedPages<Placed, Place> merged = MergedPages.of(pages, Placed::place, order, asked.limit());
        Position at = ReadCalls.positionOf(gathered);
        Totals totals = new Totals(total, entriesRead);
        return opened(merged.entries().stream().map(Placed::event).toList(), at)
                .thenApply(
                        events -> page(asked, gathered, merged, totals, events).at(at));
    }

    /** What the partitions counted. */
    private record Totals(long events, long entriesRead) {}

    private Response page(
            Asked asked,
            Gathered<EventPage> gathered,
            MergedPages<Placed, Place> merged,
            Totals totals,
            List<OpenedEvent> events) {
        JsonBuffer json = new JsonBuffer().text("{\"events\":");
        write(json, events);
        if (asked.counted()) {
            json.text(",\"pagination\":")
                    .text(Pagination.of(totals.events(), asked.limit(), asked.offset())
                            .toJson());
        }
        json.text(",\"next\":")
                .text(merged.next() == null ? "null" : '"' + next(asked, merged).text() + '"');
        if (!gathered.missing().isEmpty()) {
            json.text(",\"missing\":")
                    .text(gathered.missing().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
        }
        if (asked.explain()) {
            explain(json, asked.selection().index(), totals.entriesRead());
        }
        return Response.json(json.text("}").bytes());
    }

    private static EventCursor next(Asked asked, MergedPages<Placed, Place> merged) {
        EventCursor cursor = asked.cursor();
        Map<Integer, Long> after = new HashMap<>(cursor == null ? Map.of() : cursor.after());
        for (Placed placed : merged.entries()) {
            after.put(placed.place().partition(), placed.place().sequence());
        }
        return new EventCursor(asked.backward(), after);
    }

    CompletionStage<Response> stream(Request request) {
        Path stream = EventSelection.stream(request);
        int partition = log.source().partitionFor(stream);
        Position asOf = asOf(request);
        boolean explain = request.booleanParameter("explain");
        ReadStream query = new ReadStream(
                stream.part(0),
                stream.part(1),
                fromVersion(request),
                backward(request),
                ReadCalls.limit(request),
                config.pageBytes(),
                asOf(asOf, partition));
        return router.ask(log, partition, query, options(request, asOf)).thenCompose(answer -> {
            StreamPage page = answer.value();
            Position at = ReadCalls.positionOf(answer);
            return opened(page.events(), at).thenApply(events -> {
                JsonBuffer json = new JsonBuffer().text("{\"events\":");
                write(json, events);
                json.text(",\"version\":" + page.version() + ",\"next\":" + page.next());
                if (explain) {
                    explain(json, "version", page.entriesRead());
                }
                return Response.json(json.text("}").bytes()).at(at);
            });
        });
    }

    /** An object with the events of a page of a partition. */
    CompletionStage<byte[]> events(List<byte[]> events, Position at) {
        return opened(events, at).thenApply(opened -> {
            JsonBuffer json = new JsonBuffer().text("{\"events\":");
            write(json, opened);
            return json.text("}").bytes();
        });
    }

    private CompletionStage<List<OpenedEvent>> opened(List<byte[]> events, Position at) {
        try {
            return opening.open(events, at).exceptionallyCompose(failure -> {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                return CompletableFuture.failedFuture(
                        cause instanceof DecodeException undecoded ? notRead(undecoded) : failure);
            });
        } catch (DecodeException e) {
            throw notRead(e);
        }
    }

    private static RuntimeException notRead(DecodeException failure) {
        return failure.retryable()
                ? Problem.unavailable("registry_unavailable", "The schema registry cannot be asked now", null, 1)
                        .exception()
                : failure;
    }

    private void write(JsonBuffer json, List<OpenedEvent> events) {
        json.text("[");
        String separator = "";
        for (OpenedEvent event : events) {
            json.text(separator).text(EventJson.event(event, log.source().name()));
            separator = ",";
        }
        json.text("]");
    }

    private static void explain(JsonBuffer json, String index, long entriesRead) {
        json.text(",\"explain\":{\"index\":\"" + index + "\",\"entries_read\":" + entriesRead + "}");
    }

    private ReadOptions options(Request request, @Nullable Position asOf) {
        ReadOptions options = ReadCalls.options(request, config.readTimeout());
        return asOf == null ? options : options.atLeast(options.atLeast().merge(asOf));
    }

    /** What counts of a partition: nothing where the position does not speak of it. */
    private @Nullable Long asOf(@Nullable Position asOf, int partition) {
        return asOf == null
                ? null
                : asOf.offset(new TopicPartition(log.source().name(), partition))
                        .orElse(-1);
    }

    private static @Nullable Position asOf(Request request) {
        String token = request.parameter("as_of");
        if (token == null) {
            return null;
        }
        try {
            return Position.parse(token);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("as_of", "must be a position").exception();
        }
    }

    private static @Nullable Long time(Request request, String name) {
        String text = request.parameter(name);
        try {
            return text == null ? null : EventTime.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(name, "must be " + EventTime.RULE).exception();
        }
    }

    private static boolean backward(Request request) {
        String direction = request.parameter("direction");
        if (direction == null || direction.equals("forward")) {
            return false;
        }
        if (direction.equals("backward")) {
            return true;
        }
        throw Problem.invalid("direction", "must be forward or backward").exception();
    }

    private static @Nullable Long fromVersion(Request request) {
        String text = request.parameter("from_version");
        if (text == null) {
            return null;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw Problem.invalid("from_version", "must be an integer of 0 or greater")
                    .exception();
        }
        return Long.valueOf(text);
    }
}
