package io.forebay.transfer;

import io.forebay.remote.RemoteException;
import io.forebay.remote.RemoteForebay;
import io.forebay.remote.Reply;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to a file, each as HTTP tells it, on a line of its own.
 *
 * <p>All pages are as of the position of the first, so the file is one state however much is appended meanwhile, and one that
 * was cut off and gone on with has the same bytes as one that was not. Where to go on is a cursor, which says where in each partition;
 * with streams spread over partitions the last event alone would not say it.
 */
public final class EventExport {

    private static final String EVENTS = "/v1/events?";
    private static final JsonLimits ANY = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);

    private final RemoteForebay source;
    private final EventQuery query;
    private final int pageSize;
    private final Meter meter;

    /**
     * An export.
     *
     * @param source where the events are
     * @param pageSize events that are asked for at a time, at the most
     * @param meter is told how far it is
     */
    public EventExport(RemoteForebay source, EventQuery query, int pageSize, Meter meter) {
        this.source = source;
        this.query = query;
        this.pageSize = pageSize;
        this.meter = meter;
    }

    /** What is to be done about a file that is there already. */
    public enum Existing {
        /** It is not touched. */
        REFUSE,
        /** The export that was cut off goes on; one that has not begun begins. */
        RESUME,
        /** It is lost. */
        OVERWRITE
    }

    /**
     * What was exported.
     *
     * @param count events in all
     * @param position as of which they are; empty where nothing has been written yet
     */
    public record Exported(long count, String position) {}

    /**
     * Exports to a file.
     *
     * @throws TransferException when it cannot be done; what is written until then is kept
     */
    public Exported toFile(Path file, Existing existing) throws InterruptedException {
        try (ExportTarget target = ExportFile.open(file, existing, query.parameters())) {
            return run(target);
        }
    }

    /**
     * Exports to a stream.
     *
     * @throws TransferException when it cannot be done
     */
    public Exported toStream(OutputStream out) throws InterruptedException {
        try (ExportTarget target = new ExportStream(out)) {
            return run(target);
        }
    }

    private Exported run(ExportTarget target) throws InterruptedException {
        ExportProgress reached = target.begun();
        try {
            checkSource(target);
            if (reached == null) {
                Page page = first();
                reached = page.reached();
                target.write(page.events(), reached);
            }
            meter.start(reached.count(), (double) reached.count() / Math.max(1, reached.total()));
            while (!reached.isComplete()) {
                Page page = next(reached);
                reached = page.reached();
                target.write(page.events(), reached);
                meter.atOf(reached.count(), reached.total());
            }
            target.complete();
            return new Exported(reached.count(), Objects.requireNonNull(reached.asOf()));
        } catch (RemoteException e) {
            throw new TransferException(e.getMessage() + (reached == null ? "" : soFar(target, reached)), e);
        } finally {
            meter.end();
        }
    }

    private static String soFar(ExportTarget target, ExportProgress reached) {
        return String.format(
                Locale.ROOT,
                "; %,d of %,d events are written to %s%s",
                reached.count(),
                reached.total(),
                target.name(),
                target.advice());
    }

    /** The last event of what is gone on with has to be the source's: a cursor would go on in any. */
    private void checkSource(ExportTarget target) throws InterruptedException {
        byte[] line = target.last();
        if (line == null) {
            return;
        }
        JsonObject last;
        String place;
        try {
            last = JsonObject.parse(line, ANY);
            place = io.forebay.schemas.path.Path.of(text(last, "domain"), text(last, "instance_id"))
                    + "?limit=1&from_version="
                    + Objects.requireNonNull(last.member("stream_version")).raw();
        } catch (JsonSyntaxException | IllegalStateException | NullPointerException e) {
            throw new TransferException(target.name() + " does not end with an event; --overwrite begins anew", e);
        }
        List<JsonValue> there = events(source.get("/v1/events/" + place).orFail());
        boolean same = there.size() == 1;
        for (String member : List.of("id", "sequence_number", "stream_version", "inserted_at", "position")) {
            same = same && last.sameMember(there.get(0).asObject(), member);
        }
        if (!same) {
            throw new TransferException(target.name() + " ends with an event that " + source.url()
                    + " does not have: it is of another Forebay; --overwrite begins anew");
        }
    }

    private static String text(JsonObject event, String name) {
        return Objects.requireNonNull(event.member(name)).asText();
    }

    private record Page(List<byte[]> events, ExportProgress reached) {}

    private Page first() throws InterruptedException {
        String parameters = query.parameters();
        Reply reply = ask(parameters);
        JsonValue pagination = reply.json().member("pagination");
        JsonValue total = pagination == null ? null : pagination.asObject().member("total_count");
        if (total == null) {
            throw reply.strange();
        }
        return page(reply, new ExportProgress(parameters, reply.position(), null, Long.parseLong(total.raw()), 0, 0));
    }

    private Page next(ExportProgress reached) throws InterruptedException {
        return page(
                ask(reached.query() + "&as_of=" + encode(reached.asOf()) + "&cursor=" + encode(reached.cursor())),
                reached);
    }

    private Reply ask(String parameters) throws InterruptedException {
        return source.get(EVENTS + parameters + (parameters.isEmpty() ? "" : "&") + "limit=" + pageSize)
                .orFail();
    }

    private static String encode(@Nullable String token) {
        return URLEncoder.encode(Objects.requireNonNull(token), StandardCharsets.UTF_8);
    }

    private static Page page(Reply reply, ExportProgress before) {
        List<byte[]> lines = new ArrayList<>();
        for (JsonValue event : events(reply)) {
            lines.add(event.rawBytes());
        }
        JsonValue next = reply.json().member("next");
        if (next == null) {
            throw reply.strange();
        }
        return new Page(
                lines,
                new ExportProgress(
                        before.query(),
                        before.asOf(),
                        next.isNull() ? null : next.asText(),
                        before.total(),
                        before.count() + lines.size(),
                        before.bytes()));
    }

    private static List<JsonValue> events(Reply reply) {
        JsonValue events = reply.json().member("events");
        if (events == null || !events.isArray()) {
            throw reply.strange();
        }
        return events.elements();
    }
}
