package io.forebay.transfer;

import io.forebay.remote.Refusal;
import io.forebay.remote.Refusal.FieldError;
import io.forebay.remote.RemoteException;
import io.forebay.remote.RemoteForebay;
import io.forebay.remote.Reply;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.position.Position;
import io.forebay.transfer.EventLines.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Appends the events of a file in their order, each with its own id.
 *
 * <p>By that id the target knows an event again, for ever, so an import may be cut off anywhere and repeated from anywhere before:
 * an append whose events are all recorded is answered with them, and of one of which some are it names those, which are then left
 * out. One append is under way at a time, because of two the second might be decided first, and the streams would be in
 * another order than the file.
 */
public final class EventImport {

    /** More does not fit into a body. */
    static final int LINE_BYTES = 256 * 1024 * 1024;

    private static final String EVENTS = "/v1/events";
    private static final Pattern POINTER = Pattern.compile("/events/([0-9]{1,9})(/.*)?", Pattern.DOTALL);

    /**
     * How to import.
     *
     * @param batchCount events of an append at the most
     * @param batchBytes of its body, unless one event alone has more
     * @param skipConflicts whether an event whose id another one has is left out, or ends the import
     * @param insertedAtAs member of metadata that takes the time at which an event was recorded first; null for none
     */
    public record Options(
            int batchCount,
            int batchBytes,
            boolean skipConflicts,
            @Nullable String insertedAtAs) {}

    /**
     * What was imported.
     *
     * @param count what became of the events
     * @param position from which on reads have all of them; empty where there were none
     */
    public record Imported(ImportCount count, Position position) {}

    private final RemoteForebay target;
    private final Options options;
    private final Meter meter;
    private int batchCount;
    private ImportCount count = ImportCount.NONE;
    private Position position = Position.empty();

    /**
     * An import.
     *
     * @param target where the events go
     * @param meter is told how far it is, and of every event that is left out
     */
    public EventImport(RemoteForebay target, Options options, Meter meter) {
        this.target = target;
        this.options = options;
        this.meter = meter;
        this.batchCount = options.batchCount();
    }

    /**
     * Imports a file.
     *
     * @param resume whether to go on behind what an earlier import into the same Forebay got done
     * @throws TransferException when it cannot go on; what is imported until then is said and stays
     */
    public Imported fromFile(Path file, boolean resume) throws InterruptedException {
        try (ImportSource source = ImportFile.open(file, kind(), resume, meter::note)) {
            return run(source);
        }
    }

    /**
     * Imports a stream.
     *
     * @throws TransferException when it cannot go on; what is imported until then is said and stays
     */
    public Imported fromStream(InputStream in) throws InterruptedException {
        try (ImportSource source = new ImportStream(in, kind())) {
            return run(source);
        }
    }

    private String kind() {
        String insertedAtAs = options.insertedAtAs();
        return target.url() + (insertedAtAs == null ? "" : " inserted_at as " + insertedAtAs);
    }

    private Imported run(ImportSource source) throws InterruptedException {
        count = source.begun().count();
        meter.start(count.all(), source.part(source.begun().bytes()));
        EventLines lines = source.lines();
        try {
            Batch batch = batch();
            while (true) {
                ImportedEvent event = next(lines, batch, source);
                if (event == null) {
                    break;
                }
                if (!batch.takes(event)) {
                    append(batch, source);
                    batch = batch();
                }
                batch.add(event);
            }
            append(batch, source);
            source.complete();
            return new Imported(count, position);
        } catch (BadLineException e) {
            throw new TransferException(source.name() + " " + e.getMessage() + "; what is before it is imported", e);
        } catch (RemoteException e) {
            throw new TransferException(e.getMessage() + (count.all() == 0 ? "" : soFar(source)), e);
        } catch (IOException e) {
            throw TransferException.of("cannot read " + source.name(), e);
        } finally {
            meter.end();
        }
    }

    private String soFar(ImportSource source) {
        return String.format(
                Locale.ROOT,
                "; the first %,d events of %s are imported%s",
                count.all(),
                source.name(),
                source.advice());
    }

    private Batch batch() {
        return new Batch(batchCount, options.batchBytes());
    }

    /** The next event; what is read before a line that is none is imported first. */
    private @Nullable ImportedEvent next(EventLines lines, Batch batch, ImportSource source)
            throws IOException, BadLineException, InterruptedException {
        try {
            Line line = lines.next();
            return line == null ? null : ImportedEvent.parse(line, options.insertedAtAs());
        } catch (BadLineException e) {
            append(batch, source);
            throw e;
        }
    }

    private void append(Batch batch, ImportSource source) throws BadLineException, InterruptedException {
        if (batch.events().isEmpty()) {
            return;
        }
        append(batch.events());
        ImportedEvent last = batch.events().get(batch.events().size() - 1);
        source.reached(new ImportProgress(source.begun().kind(), last.end(), last.line(), last.checksum(), count));
        meter.atPart(count.all(), source.part(last.end()));
    }

    private void append(List<ImportedEvent> events) throws BadLineException, InterruptedException {
        List<ImportedEvent> rest = events;
        while (!rest.isEmpty()) {
            Reply reply = target.post(EVENTS, Batch.body(rest));
            if (reply.isSuccess()) {
                recorded(reply, rest.size());
                return;
            }
            Refusal refusal = reply.refusal();
            SortedMap<Integer, String> named = named(refusal, rest.size());
            if (refusal.code().equals("event_already_recorded") && !named.isEmpty()) {
                count = count.plus(0, named.size(), 0);
                rest = without(rest, named);
            } else if (refusal.code().equals("event_id_reused") && !named.isEmpty() && options.skipConflicts()) {
                for (int index : named.keySet()) {
                    ImportedEvent event = rest.get(index);
                    meter.note("line " + event.line() + " is left out: " + conflict(event));
                }
                count = count.plus(0, 0, named.size());
                rest = without(rest, named);
            } else if (refusal.status() == 413 && named.isEmpty() && rest.size() > 1) {
                int half = rest.size() / 2;
                batchCount = Math.min(batchCount, half);
                append(rest.subList(0, half));
                rest = rest.subList(half, rest.size());
            } else {
                stop(reply, refusal, named, rest);
            }
        }
    }

    /** Imports what is before the first event that is refused, and ends with that one. */
    private void stop(Reply reply, Refusal refusal, SortedMap<Integer, String> named, List<ImportedEvent> events)
            throws BadLineException, InterruptedException {
        if (named.isEmpty() && (events.size() > 1 || refusal.status() != 413)) {
            throw reply.failure();
        }
        int first = named.isEmpty() ? 0 : named.firstKey();
        append(events.subList(0, first));
        ImportedEvent event = events.get(first);
        boolean isConflict = refusal.code().equals("event_id_reused");
        throw new BadLineException(
                event.line(),
                "is refused: "
                        + (isConflict
                                ? conflict(event) + " (--skip-conflicts leaves such events out)"
                                : named.isEmpty() ? refusal.toString() : refusal.code() + ": " + named.get(first)));
    }

    private static String conflict(ImportedEvent event) {
        return "the id " + event.quotedId()
                + " is that of an event with other content, which is recorded in the stream";
    }

    /** The events that a refusal names, by their index, each with what is wrong. */
    private static SortedMap<Integer, String> named(Refusal refusal, int size) {
        SortedMap<Integer, String> named = new TreeMap<>();
        for (FieldError error : refusal.errors()) {
            Matcher pointer = POINTER.matcher(error.field());
            if (pointer.matches() && Integer.parseInt(pointer.group(1)) < size) {
                String member = pointer.group(2) == null ? "" : pointer.group(2) + " ";
                named.merge(
                        Integer.parseInt(pointer.group(1)), member + error.rule(), (one, more) -> one + "; " + more);
            }
        }
        return named;
    }

    private static List<ImportedEvent> without(List<ImportedEvent> events, Map<Integer, String> named) {
        List<ImportedEvent> rest = new ArrayList<>(events.size() - named.size());
        for (int i = 0; i < events.size(); i++) {
            if (!named.containsKey(i)) {
                rest.add(events.get(i));
            }
        }
        return rest;
    }

    /** What a command of ours recorded has the answer's position; what was there before has one of its own. */
    private void recorded(Reply reply, int size) {
        JsonValue answered = reply.json().member("events");
        List<JsonValue> events = answered == null || !answered.isArray() ? List.of() : answered.elements();
        if (events.size() != size) {
            throw reply.strange();
        }
        Position here = position(reply, reply.position());
        Map<String, Boolean> isOurs = new HashMap<>();
        long recorded = 0;
        for (JsonValue event : events) {
            JsonValue token = event.asObject().member("position");
            if (token == null) {
                throw reply.strange();
            }
            boolean ours = isOurs.computeIfAbsent(
                    token.asText(),
                    text -> here.offsets()
                            .entrySet()
                            .containsAll(position(reply, text).offsets().entrySet()));
            recorded += ours ? 1 : 0;
        }
        count = count.plus(recorded, size - recorded, 0);
        position = position.merge(here);
    }

    private static Position position(Reply reply, String token) {
        try {
            return Position.parse(token);
        } catch (IllegalArgumentException e) {
            throw reply.strange();
        }
    }
}
