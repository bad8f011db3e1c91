package io.forebay.events.http;

import io.forebay.command.Outcome;
import io.forebay.command.RefusedException;
import io.forebay.command.TransactionalSender;
import io.forebay.command.Violation;
import io.forebay.events.Appended;
import io.forebay.events.EventBody;
import io.forebay.events.EventJson;
import io.forebay.events.EventRules;
import io.forebay.events.EventsDecider;
import io.forebay.events.seal.OpenedEvent;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.CommandCalls.Part;
import io.forebay.http.calls.Conditions;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.Refusals;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.EraseInstance;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Appends and erasures. What concerns several partitions goes to each of them as a command of its own, to all or to none, and takes no
 * conditions: no partition could decide them.
 */
final class EventWrites {
    private static final int CREATED = 201;
    private static final Pattern EVENT = Pattern.compile("/events/([0-9]+)((?:/.*)?)", Pattern.DOTALL);

    private final CommandCalls<EventCommand> commands;
    private final TransactionalSender transactions;
    private final TopicSpec input;
    private final EventsHttpConfig config;
    private final EventRules rules;

    EventWrites(
            CommandCalls<EventCommand> commands,
            TransactionalSender transactions,
            TopicSpec input,
            EventsHttpConfig config) {
        this.commands = commands;
        this.transactions = transactions;
        this.input = input;
        this.config = config;
        this.rules = new EventRules(config.events());
    }

    CompletionStage<Response> append(Request request) {
        Conditions.refuse(request);
        AppendEvents append = Refusals.checked(() -> EventBody.parse(request.body(), config.bodyBytes(), rules));
        if (append.getEvents().isEmpty() && append.getExpected().isEmpty()) {
            return CompletableFuture.completedFuture(Response.json(200, "{\"events\":[]}"));
        }
        Map<Integer, AppendEvents> byPartition = byPartition(append);
        List<Part<EventCommand>> parts = new ArrayList<>(byPartition.size());
        byPartition.forEach((partition, part) -> parts.add(new Part<>(partition, key(part), new EventCommand(part))));
        return commands.writeAll(
                request,
                transactions,
                parts,
                (part, refused) -> inBody(append, parts.get(part).partition(), refused),
                outcomes -> recorded(append, List.copyOf(byPartition.keySet()), outcomes));
    }

    /** Destroys the key of a stream; what became of its events is told, also that some are in clear. */
    CompletionStage<Response> erase(Request request) {
        Conditions.refuse(request);
        return commands.write(
                request,
                EventSelection.stream(request),
                new EventCommand(new EraseInstance()),
                outcome -> Response.json(outcome.body()));
    }

    private Map<Integer, AppendEvents> byPartition(AppendEvents append) {
        Map<Integer, AppendEvents> byPartition = new TreeMap<>();
        for (NewEvent event : append.getEvents()) {
            part(byPartition, partition(event)).getEvents().add(event);
        }
        for (ExpectedVersion expected : append.getExpected()) {
            Path stream = Path.of(expected.getDomain(), expected.getInstanceId());
            part(byPartition, input.partitionFor(stream)).getExpected().add(expected);
        }
        if (byPartition.size() > 1 && !append.getExpected().isEmpty()) {
            List<Violation> violations = new ArrayList<>();
            for (int i = 0; i < append.getExpected().size(); i++) {
                violations.add(EventsDecider.crossesPartitions("/expected/" + i));
            }
            throw Refusals.problem(RefusedException.of(400, EventsDecider.CROSS_PARTITION, violations, null))
                    .exception();
        }
        return byPartition;
    }

    private static AppendEvents part(Map<Integer, AppendEvents> byPartition, int partition) {
        return byPartition.computeIfAbsent(partition, first -> new AppendEvents(new ArrayList<>(), new ArrayList<>()));
    }

    /** What a partition refused, with the places that its events have among all of the append. */
    private Outcome inBody(AppendEvents append, int partition, Outcome refused) {
        int[] places = IntStream.range(0, append.getEvents().size())
                .filter(i -> partition(append.getEvents().get(i)) == partition)
                .toArray();
        List<Violation> violations = refused.violations().stream()
                .map(violation -> new Violation(inBody(violation.field(), places), violation.rule()))
                .toList();
        return new Outcome(refused.status(), refused.code(), violations, refused.body());
    }

    private static @Nullable String inBody(@Nullable String field, int[] places) {
        Matcher event = EVENT.matcher(field == null ? "" : field);
        return event.matches() ? "/events/" + places[Integer.parseInt(event.group(1))] + event.group(2) : field;
    }

    private int partition(NewEvent event) {
        return input.partitionFor(Path.of(event.getDomain(), event.getInstanceId()));
    }

    private static Path key(AppendEvents append) {
        if (append.getEvents().isEmpty()) {
            ExpectedVersion first = append.getExpected().get(0);
            return Path.of(first.getDomain(), first.getInstanceId());
        }
        NewEvent first = append.getEvents().get(0);
        return Path.of(first.getDomain(), first.getInstanceId());
    }

    /** The events in the order in which they were given, whichever partition recorded them. */
    private Response recorded(AppendEvents append, List<Integer> partitions, List<Outcome> outcomes) {
        Map<Integer, List<Appended.Place>> places = new TreeMap<>();
        for (int i = 0; i < outcomes.size(); i++) {
            places.put(
                    partitions.get(i),
                    new ArrayList<>(Appended.parse(outcomes.get(i).body()).places()));
        }
        Map<Integer, Integer> next = new TreeMap<>();
        List<Appended.Place> inOrder = new ArrayList<>(append.getEvents().size());
        for (NewEvent event : append.getEvents()) {
            int partition = partition(event);
            int index = next.merge(partition, 1, Integer::sum) - 1;
            inOrder.add(Objects.requireNonNull(places.get(partition)).get(index));
        }
        JsonBuffer json = new JsonBuffer().text("{\"events\":[");
        String separator = "";
        for (RecordedEvent event : new Appended(inOrder).records(append)) {
            json.text(separator).text(EventJson.event(OpenedEvent.inClear(event), input.name()));
            separator = ",";
        }
        return Response.json(CREATED, json.text("]}").bytes());
    }
}
