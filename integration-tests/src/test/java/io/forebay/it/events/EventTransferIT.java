package io.forebay.it.events;

import static io.forebay.it.events.EventCalls.event;
import static io.forebay.it.events.Transfers.ALL;
import static io.forebay.it.events.Transfers.ids;
import static io.forebay.it.events.Transfers.lines;
import static io.forebay.it.events.Transfers.ofDomain;
import static io.forebay.it.events.Transfers.options;
import static io.forebay.it.events.Transfers.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.events.Detour.Fate;
import io.forebay.it.json.Json;
import io.forebay.it.process.ChildJvm;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.transfer.EventExport.Existing;
import io.forebay.transfer.EventExport.Exported;
import io.forebay.transfer.EventImport.Imported;
import io.forebay.transfer.ImportCount;
import io.forebay.transfer.TransferException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events on their way from one Forebay into another: generated ones of all kinds, and real ones where the file is there. Tests
 * that fill a Forebay with events of their own do so in domains that begin with {@code t.}.
 */
class EventTransferIT {
    private static final Path REAL = Path.of("..", "..", "shared", "data", "github-events.ndjson");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int GENERATED = 2_000;

    private static @Nullable ForebayStack source;
    private static @Nullable ForebayStack target;

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void fill() throws IOException {
        source = ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "events"));
        target = ForebayStack.small(ClusterProvider.shared(), Map.of("forebay.only", "events"));
        List<JsonNode> events = new ArrayList<>();
        if (Files.isReadable(REAL)) {
            for (String line : Files.readAllLines(REAL)) {
                ObjectNode event = (ObjectNode) Json.parse(line);
                events.add(event.retain("type", "domain", "instance_id", "data"));
            }
        }
        long seed = new Random().nextLong();
        System.out.println("seed of the generated events: " + seed);
        Random random = new Random(seed);
        for (int n = 0; n < GENERATED; n++) {
            events.add(generated(n, random));
        }
        EventCalls calls = new EventCalls(source.client());
        for (int from = 0; from < events.size(); from += 100) {
            calls.append(events.subList(from, Math.min(events.size(), from + 100))
                            .toArray(JsonNode[]::new))
                    .orFail();
        }
    }

    private static ObjectNode generated(int n, Random random) {
        String domain = List.of("users", "orders/ü", " x%2F", "\ud834\udd1e").get(random.nextInt(4));
        ObjectNode event = Json.object()
                .put("type", random.nextBoolean() ? "created" : "geändert")
                .put("domain", domain)
                .put("instance_id", Integer.toString(random.nextInt(200)));
        if (n % 10 == 0) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            event.put("data_base64", Base64.getEncoder().encodeToString(bytes)).put("content_type", "image/png");
        } else if (n % 400 == 1) {
            event.set("data", Json.object().put("text", "ü".repeat(150_000)));
        } else {
            event.putRawValue(
                    "data",
                    new RawValue("{ \"n\":" + n + ", \"price\": 1.50,\"big\":18446744073709551615,\"e\":1e400,\n"
                            + "\"text\":\"\\u2028 ☃ \ud834\udd1e\",\"none\":null}"));
        }
        if (n % 3 == 0) {
            event.put("id", "own \u2603 " + n);
        }
        if (n % 5 == 0) {
            event.set("metadata", Json.object().put("who", "é").put("domain", "another"));
            event.put("version", 1 + n);
        }
        return event;
    }

    @AfterAll
    static void stop() {
        Stream.of(source, target)
                .filter(Objects::nonNull)
                .forEach(stack -> Objects.requireNonNull(stack).close());
    }

    @Test
    void whatIsExportedAndImportedIsTheSame() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");

        Exported exported = Transfers.export(source(), ALL, 300, first, Existing.REFUSE);
        Imported imported = Transfers.load(target(), first, 333);
        Imported repeated = Transfers.load(target(), first, 500);
        Transfers.export(target(), ALL, 1000, second, Existing.REFUSE);

        List<String> lines = Files.readAllLines(first);
        assertThat(lines).hasSize(Math.toIntExact(exported.count())).hasSizeGreaterThanOrEqualTo(GENERATED);
        assertThat(imported.count()).isEqualTo(new ImportCount(exported.count(), 0, 0));
        assertThat(repeated.count()).isEqualTo(new ImportCount(0, exported.count(), 0));
        assertThat(Files.readAllLines(second).stream()
                        .filter(line -> !Transfers.text(JsonObject.parse(line), "domain")
                                .startsWith("t."))
                        .map(Transfers::carriedOver))
                .containsExactlyElementsOf(
                        lines.stream().map(Transfers::carriedOver).toList());
        assertThat(lines.subList(0, 500)).isEqualTo(page("limit=500"));
    }

    /** Events of a page to the letter. */
    private static List<String> page(String query) {
        JsonObject page = JsonObject.parse(
                client(source).get("/v1/events?" + query).orFail().text(),
                new JsonLimits(Integer.MAX_VALUE, JsonLimits.DEFAULT_MAX_DEPTH));
        return Transfers.member(page, "events").elements().stream()
                .map(JsonValue::raw)
                .toList();
    }

    @Test
    void anExportIsOneStateWhileMoreIsAppended() throws Exception {
        Path file = directory.resolve("file");
        calls(source).append(grown(100, 0)).orFail();
        Exported exported;
        try (Detour detour = new Detour(source(), n -> {
            calls(source).append(grown(7, 100 + n)).orFail();
            return Fate.ANSWERED;
        })) {
            exported = Transfers.export(detour.uri(), ofDomain("grown"), 10, file, Existing.REFUSE);
        }

        assertThat(exported.count()).isEqualTo(107);
        assertThat(Files.readAllLines(file)).hasSize(107);
        assertThat(exported.position())
                .isEqualTo(
                        Transfers.text(JsonObject.parse(Files.readAllLines(file).get(106)), "position"));
    }

    private static JsonNode[] grown(int count, int n) {
        return Stream.generate(() -> event("x", "i", n).put("domain", "grown"))
                .limit(count)
                .toArray(JsonNode[]::new);
    }

    @Test
    void anExportThatIsKilledAgainAndAgainComesOutAsOneThatIsNot() throws Exception {
        Path whole = directory.resolve("whole");
        Path killed = directory.resolve("killed");
        Transfers.export(source(), ofDomain("users"), 1000, whole, Existing.REFUSE);
        for (int number : new int[] {4, 6, 5}) {
            killAt(number, Fate.UNANSWERED, "export", "--page", "20", "--domain", "users", "--resume", "--out", killed);
            Files.writeString(killed, "{\"id\":\"half", StandardOpenOption.APPEND);
            calls(source).append(event("x", "late", number)).orFail();
        }
        List<String> asked;
        try (Detour detour = new Detour(source(), n -> Fate.ANSWERED)) {
            assertThat(run(detour, "export", "--page", "20", "--domain", "users", "--resume", "--out", killed))
                    .contains("events are in " + killed, "as of position ");
            asked = detour.asked();
        }

        assertThat(killed).hasSameBinaryContentAs(whole);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("whole", "killed");
        assertThat(asked.get(0)).startsWith("/v1/events/users/");
        assertThat(asked.get(1)).contains("&cursor=", "&as_of=");
    }

    @Test
    void anImportThatIsKilledAgainAndAgainRecordsEverythingOnceAndInOrder() throws Exception {
        Path file = Files.write(directory.resolve("file"), lines("t.killed", 2_000));
        killAt(5, Fate.UNANSWERED, "import", "--batch", "40", file);
        killAt(9, Fate.LOST, "import", "--batch", "30", file);
        killAt(7, Fate.UNANSWERED, "import", "--batch", "40", "--resume", file);
        String said;
        try (Detour detour = new Detour(target(), n -> Fate.ANSWERED)) {
            said = run(detour, "import", file);
        }
        Path out = directory.resolve("out");
        Exported exported = Transfers.export(target(), ofDomain("t.killed"), 1000, out, Existing.REFUSE);

        assertThat(said).contains(" events recorded, ", " were there already");
        assertThat(exported.count()).isEqualTo(2_000);
        assertThat(ids(out)).isEqualTo(ids(file));
        assertThat(Files.readAllLines(out).stream().map(Transfers::carriedOver).map(EventTransferIT::version))
                .isEqualTo(Files.readAllLines(file).stream()
                        .map(EventTransferIT::version)
                        .toList());
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("file", "out");
    }

    private static String version(String line) {
        return Transfers.member(JsonObject.parse(line), "stream_version").raw();
    }

    @Test
    void anImportGoesOnBehindWhatIsDone() throws Exception {
        Path file = Files.write(directory.resolve("file"), lines("t.resumed", 100));
        List<String> asked;
        try (Detour detour = new Detour(target(), n -> n == 4 ? Fate.FAILED : Fate.ANSWERED)) {
            String url = detour.uri().toString();
            ChildJvm failed = Transfers.command("events", "import", "--batch", "10", "--url", url, file.toString());
            assertThat(failed.awaitExit(SOON)).isEqualTo(1);
            assertThat(failed.output())
                    .contains("answers 500; the first 30 events of " + file + " are imported; --resume goes on");

            ChildJvm resumed =
                    Transfers.command("events", "import", "--batch", "10", "--url", url, "--resume", file.toString());
            assertThat(resumed.awaitExit(SOON)).isZero();
            assertThat(resumed.output()).contains("100 events recorded, as of position ");
            asked = detour.asked();
        }

        assertThat(asked).hasSize(4 + 7);
    }

    @Test
    void whatIsCutOffOrAwayForAMomentIsAskedAgain() throws Exception {
        Path file = Files.write(directory.resolve("file"), lines("t.cut", 200));
        Path out = directory.resolve("out");
        Imported imported;
        try (Detour detour = new Detour(target(), EventTransferIT::unreliable)) {
            imported = Transfers.load(detour.uri(), file, 20);
        }
        try (Detour detour = new Detour(target(), EventTransferIT::unreliable)) {
            Transfers.export(detour.uri(), ofDomain("t.cut"), 20, out, Existing.REFUSE);
        }

        assertThat(imported.count().all()).isEqualTo(200);
        assertThat(ids(out)).isEqualTo(ids(file));
    }

    private static Fate unreliable(int n) {
        return n % 4 == 2 ? Fate.CUT : n % 4 == 3 ? Fate.UNAVAILABLE : Fate.ANSWERED;
    }

    @Test
    void whereSomeAreRecordedTheOthersAre() throws Exception {
        List<String> lines = lines("t.mixed", 210);
        Path some = Files.write(
                directory.resolve("some"),
                lines.stream().filter(line -> lines.indexOf(line) % 3 == 1).toList());
        Path all = Files.write(directory.resolve("all"), lines);
        Transfers.load(target(), some, 500);

        Imported imported = Transfers.load(target(), all, 50);

        assertThat(imported.count()).isEqualTo(new ImportCount(140, 70, 0));
        assertThat(count("t.mixed")).isEqualTo(210);
    }

    @Test
    void anIdOfAnotherEventEndsTheImportUnlessSuchAreLeftOut() throws Exception {
        List<String> lines = lines("t.conflict", 20);
        Transfers.load(target(), Files.write(directory.resolve("one"), List.of(lines.get(6))), 500);
        ObjectNode other = recorded("t.conflict", 6);
        other.set("data", Json.object().put("n", "other"));
        lines.set(6, Json.write(other));
        Path file = Files.write(directory.resolve("file"), lines);

        assertThatThrownBy(() -> Transfers.load(target(), file, 500))
                .isInstanceOf(TransferException.class)
                .hasMessageStartingWith(
                        file + " line 7 is refused: the id \"k-6\" is that of an event with other content")
                .hasMessageEndingWith("what is before it is imported");
        assertThat(count("t.conflict")).isEqualTo(7);
        Imported imported = Transfers.load(target(), file, options(500, true, null));
        assertThat(imported.count()).isEqualTo(new ImportCount(13, 6, 1));
    }

    @Test
    void aLineThatIsNoEventEndsTheImportBehindThoseBefore() throws Exception {
        Path half = Files.write(directory.resolve("half"), lines("t.half", 5));
        Files.writeString(half, "{\"id\":\"k-5\",\"ty", StandardOpenOption.APPEND);
        List<String> broken = lines("t.broken", 5);
        broken.set(3, broken.get(3).replace("\"type\":\"t\"", "\"type\":\"\""));
        Path rule = Files.write(directory.resolve("rule"), broken);

        assertThatThrownBy(() -> Transfers.load(target(), half, 500))
                .hasMessage(half + " line 6 is no event: /id is not valid JSON; what is before it is imported");
        assertThatThrownBy(() -> Transfers.load(target(), rule, 500))
                .hasMessageStartingWith(rule + " line 4 is refused: invalid: /type a string of at least one character");
        assertThat(count("t.half")).isEqualTo(5);
        assertThat(count("t.broken")).isEqualTo(3);
    }

    @Test
    void whatIsTooMuchForOneAppendIsHalvedAndWhatIsTooLargeIsTold() throws Exception {
        Path many = Files.write(directory.resolve("many"), lines("t.many", 2_500));
        List<String> lines = lines("t.large", 4);
        ObjectNode large = recorded("t.large", 2);
        large.set("data", Json.object().put("text", "x".repeat(1024 * 1024)));
        lines.set(2, Json.write(large));
        Path file = Files.write(directory.resolve("large"), lines);

        assertThat(Transfers.load(target(), many, 10_000).count()).isEqualTo(new ImportCount(2_500, 0, 0));
        assertThatThrownBy(() -> Transfers.load(target(), file, 500))
                .hasMessageContaining("line 3 is refused: too_large: /data");
        assertThat(count("t.large")).isEqualTo(2);
    }

    @Test
    void anErasedEventKeepsItsPlace() throws Exception {
        List<String> lines = lines("t.erased", 14);
        ObjectNode erased = recorded("t.erased", 3).put("erased", true);
        erased.putNull("data");
        lines.set(3, Json.write(erased));
        Path file = Files.write(directory.resolve("file"), lines);

        Transfers.load(target(), file, options(5, false, "first_at"));
        Imported repeated = Transfers.load(target(), file, options(500, false, "first_at"));
        JsonNode stream = client(target).get("/v1/events/t.erased/i3").orFail().json();

        assertThat(repeated.count()).isEqualTo(new ImportCount(0, 14, 0));
        assertThat(stream.at("/events/0/data").toString()).isEqualTo("{}");
        assertThat(stream.at("/events/0/metadata/erased").asBoolean()).isTrue();
        assertThat(stream.at("/events/0/id").asText()).isEqualTo("k-3");
        assertThat(stream.at("/events/1/stream_version").asInt()).isEqualTo(2);
        assertThat(stream.at("/events/1/metadata/first_at").asText()).isEqualTo("2020-01-01T00:00:00.000Z");
    }

    @Test
    void anExportOfAnotherForebayIsNotGoneOnWith() throws Exception {
        Path file = directory.resolve("file");
        try (Detour detour = new Detour(source(), n -> n == 3 ? Fate.FAILED : Fate.ANSWERED)) {
            assertThatThrownBy(() -> Transfers.export(detour.uri(), ALL, 10, file, Existing.REFUSE))
                    .hasMessageContaining("answers 500; 20 of ")
                    .hasMessageEndingWith(" events are written to " + file + "; --resume goes on");
        }

        assertThatThrownBy(() -> Transfers.export(target(), ALL, 10, file, Existing.RESUME))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("it is of another Forebay");
    }

    @Test
    void anExportIsPipedIntoAnImport() throws Exception {
        int users = client(source)
                .get("/v1/events?domain=users&limit=1")
                .orFail()
                .json()
                .at("/pagination/total_count")
                .asInt();
        String program = ChildJvm.javaExecutable() + " -Xmx256m -XX:TieredStopAtLevel=1 io.forebay.cli.Main events ";
        String pipe = program + "export --domain users --url " + source()
                + " | sed 's/\"domain\":\"users\"/\"domain\":\"t.piped\"/g' | "
                + program + "import - --url " + target();
        try (ChildJvm piped = ChildJvm.start(
                "pipe",
                List.of("sh", "-c", pipe),
                Map.of("CLASSPATH", System.getProperty("java.class.path")),
                Path.of("").toAbsolutePath())) {
            assertThat(piped.awaitExit(SOON)).isZero();

            assertThat(piped.output())
                    .contains("forebay: " + String.format(Locale.ROOT, "%,d", users) + " events, as of position ")
                    .contains(String.format(Locale.ROOT, "%,d", users) + " events recorded, as of position ");
        }
        assertThat(count("t.piped")).isEqualTo(users);
    }

    private void killAt(int number, Fate fate, String command, Object... options) {
        URI to = command.equals("export") ? source() : target();
        try (Detour detour = new Detour(to, n -> n == number ? fate : Fate.ANSWERED);
                ChildJvm child = Transfers.command(arguments(detour, command, options))) {
            await("request " + number).atMost(SOON).until(() -> detour.asked().size() == number);
            child.kill();
        }
    }

    private static String run(Detour detour, String command, Object... options) {
        try (ChildJvm child = Transfers.command(arguments(detour, command, options))) {
            assertThat(child.awaitExit(SOON)).as(child.output()).isZero();
            return child.output();
        }
    }

    private static String[] arguments(Detour detour, String command, Object... options) {
        return Stream.concat(
                        Stream.of("events", command, "--url", detour.uri().toString()),
                        Stream.of(options).map(Object::toString))
                .toArray(String[]::new);
    }

    private static int count(String domain) {
        return calls(target)
                .page("limit=1&domain=" + domain, null)
                .at("/pagination/total_count")
                .asInt();
    }

    private static URI source() {
        return client(source).base();
    }

    private static URI target() {
        return client(target).base();
    }

    private static EventCalls calls(@Nullable ForebayStack stack) {
        return new EventCalls(client(stack));
    }

    private static ForebayClient client(@Nullable ForebayStack stack) {
        return Objects.requireNonNull(stack).client();
    }
}
