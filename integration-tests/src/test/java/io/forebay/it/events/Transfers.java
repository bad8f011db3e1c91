package io.forebay.it.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.json.Json;
import io.forebay.it.process.ChildJvm;
import io.forebay.remote.RemoteForebay;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.transfer.EventExport;
import io.forebay.transfer.EventExport.Existing;
import io.forebay.transfer.EventExport.Exported;
import io.forebay.transfer.EventImport;
import io.forebay.transfer.EventImport.Imported;
import io.forebay.transfer.EventImport.Options;
import io.forebay.transfer.EventQuery;
import io.forebay.transfer.Meter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Exports and imports as the command line carries them out. */
final class Transfers {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> ASSIGNED = List.of("sequence_number", "inserted_at", "position");

    /** Every event. */
    static final EventQuery ALL = new EventQuery(null, null, null, null, null);

    private Transfers() {}

    static EventQuery ofDomain(String domain) {
        return new EventQuery(null, domain, null, null, null);
    }

    static Exported export(URI from, EventQuery query, int page, Path file, Existing existing)
            throws InterruptedException {
        return new EventExport(forebay(from), query, page, meter()).toFile(file, existing);
    }

    static Imported load(URI into, Path file, int batch) throws InterruptedException {
        return load(into, file, options(batch, false, null));
    }

    static Imported load(URI into, Path file, Options options) throws InterruptedException {
        return new EventImport(forebay(into), options, meter()).fromFile(file, false);
    }

    static Options options(int batch, boolean skipConflicts, @Nullable String insertedAtAs) {
        return new Options(batch, 1024 * 1024, skipConflicts, insertedAtAs);
    }

    private static RemoteForebay forebay(URI uri) {
        return new RemoteForebay(uri, null, PATIENCE, note -> {});
    }

    private static Meter meter() {
        return new Meter(new PrintWriter(Writer.nullWriter()), false, System::nanoTime);
    }

    /** The program in a process of its own. */
    static ChildJvm command(String... arguments) {
        return ChildJvm.java(
                "events",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "io.forebay.cli.Main",
                Arrays.asList(arguments));
    }

    /** An exported event of a domain, of one of seven streams, whose data is a number. */
    static ObjectNode recorded(String domain, int n) {
        ObjectNode event = Json.object()
                .put("id", "k-" + n)
                .put("type", "t")
                .put("domain", domain)
                .put("instance_id", "i" + n % 7);
        event.set("data", Json.object().put("n", n));
        event.set("metadata", Json.object().put("domain", domain).put("instance_id", "i" + n % 7));
        return event.put("sequence_number", n)
                .put("stream_version", 1 + n / 7)
                .put("inserted_at", "2020-01-01T00:00:00.000Z")
                .put("position", "AA");
    }

    /** Events of {@link #recorded} from 0 on. */
    static List<String> lines(String domain, int count) {
        List<String> lines = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            lines.add(Json.write(recorded(domain, n)));
        }
        return lines;
    }

    /** The ids of events, one a line. */
    static List<String> ids(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> text(JsonObject.parse(line), "id"))
                .toList();
    }

    /** A line without what a log assigns; the version in the stream is left. */
    static String carriedOver(String line) {
        JsonObject event = JsonObject.parse(line);
        for (String member : ASSIGNED) {
            event = event.without(member);
        }
        return event.text();
    }

    static String text(JsonObject event, String name) {
        return member(event, name).asText();
    }

    static JsonValue member(JsonObject event, String name) {
        return Objects.requireNonNull(event.member(name), name);
    }
}
