package io.forebay.it.events;

import static io.forebay.it.events.EventCalls.event;
import static io.forebay.it.events.Transfers.ALL;
import static io.forebay.it.events.Transfers.lines;
import static io.forebay.it.events.Transfers.ofDomain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.events.Detour.Fate;
import io.forebay.it.stack.ForebayStack;
import io.forebay.schemas.json.JsonObject;
import io.forebay.transfer.EventExport.Existing;
import io.forebay.transfer.EventExport.Exported;
import io.forebay.transfer.EventImport.Imported;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events on their way out of a Forebay whose streams are spread over partitions, and into it. */
class SpreadTransferIT {
    private static final int EVENTS = 400;

    private static @Nullable ForebayStack stack;

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void fill() {
        stack = ForebayStack.small(
                ClusterProvider.shared(), Map.of("forebay.only", "events", "forebay.events.order", "stream"));
        EventCalls calls = new EventCalls(stack.client());
        for (int from = 0; from < EVENTS; from += 20) {
            calls.append(IntStream.range(from, from + 20)
                            .mapToObj(n -> event("x", "i" + n % 9, n))
                            .toArray(JsonNode[]::new))
                    .orFail();
        }
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(stack).close();
    }

    @Test
    void anExportThatIsCutOffGoesOnInEveryPartition() throws Exception {
        Path whole = directory.resolve("whole");
        Path cut = directory.resolve("cut");
        Exported exported = Transfers.export(uri(), ofDomain("users"), 1000, whole, Existing.REFUSE);
        for (int number : new int[] {3, 5, 4}) {
            try (Detour detour = new Detour(uri(), n -> n == number ? Fate.FAILED : Fate.ANSWERED)) {
                assertThatThrownBy(() -> Transfers.export(detour.uri(), ofDomain("users"), 30, cut, Existing.RESUME))
                        .hasMessageContaining("--resume goes on");
            }
            new EventCalls(client()).append(event("x", "late" + number, number)).orFail();
        }
        Transfers.export(uri(), ofDomain("users"), 30, cut, Existing.RESUME);

        assertThat(exported.count()).isGreaterThanOrEqualTo(EVENTS);
        assertThat(cut).hasSameBinaryContentAs(whole);
    }

    @Test
    void streamsComeOutOfAnotherAsTheyWere() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        Transfers.export(uri(), ALL, 100, first, Existing.REFUSE);
        Imported imported;
        try (ForebayStack other = ForebayStack.small(
                ClusterProvider.shared(), Map.of("forebay.only", "events", "forebay.events.order", "stream"))) {
            URI target = other.client().base();
            imported = Transfers.load(target, first, 70);
            assertThat(Transfers.load(target, first, 90).count().recorded()).isZero();
            Transfers.export(target, ALL, 100, second, Existing.REFUSE);
        }

        assertThat(imported.count().recorded())
                .isEqualTo(Files.readAllLines(first).size());
        assertThat(byStream(second)).isEqualTo(byStream(first));
    }

    /** The events of each stream in their order, without what the log assigns. */
    private static Map<String, List<String>> byStream(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .collect(Collectors.groupingBy(
                        line -> Transfers.text(JsonObject.parse(line), "domain") + " "
                                + Transfers.text(JsonObject.parse(line), "instance_id"),
                        TreeMap::new,
                        Collectors.mapping(Transfers::carriedOver, Collectors.toList())));
    }

    /** Of an append that one partition refuses the others record their parts; those are there when it is repeated. */
    @Test
    void whereSomeAreRecordedTheOthersAre() throws Exception {
        List<String> lines = lines("t.mixed", 140);
        Path some = Files.write(
                directory.resolve("some"),
                IntStream.range(0, 140)
                        .filter(n -> n % 3 == 1 || n % 5 == 2)
                        .mapToObj(lines::get)
                        .toList());
        Path all = Files.write(directory.resolve("all"), lines);
        long before = Transfers.load(uri(), some, 500).count().recorded();

        Imported imported = Transfers.load(uri(), all, 50);
        JsonNode page = new EventCalls(client()).page("limit=1000&domain=t.mixed", null);

        assertThat(before).isEqualTo(66);
        assertThat(imported.count().all()).isEqualTo(140);
        assertThat(imported.count().present()).isGreaterThanOrEqualTo(before);
        assertThat(page.required("events")).hasSize(140);
    }

    private static URI uri() {
        return client().base();
    }

    private static ForebayClient client() {
        return Objects.requireNonNull(stack).client();
    }
}
