package io.forebay.records.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The acceptance vectors of record sync that ask for nothing but the function, where they are at hand. Those that subscribe, read an
 * inbox or derive watchers need more than this module; how many these are is printed and checked.
 */
class SyncVectorsTest {

    private static final Path FOLDER = Path.of("..", "..", "shared", "vectors");
    private static final JsonLimits LIMITS = new JsonLimits(16 * 1024 * 1024, 200);
    private static final Set<String> OTHERS =
            Set.of("subscribe", "unsubscribe", "subscriptions", "subscribed", "inbox", "watchers");

    private record Vector(String id, String title, List<JsonObject> given, List<JsonValue> then) {
        static Vector of(JsonObject json) {
            return new Vector(
                    text(json, "id"),
                    text(json, "title"),
                    member(json, "given").elements().stream()
                            .map(JsonValue::asObject)
                            .toList(),
                    member(json, "then").elements());
        }

        boolean isPure() {
            return given.stream().noneMatch(operation -> OTHERS.contains(text(operation, "op")));
        }
    }

    @TestFactory
    Stream<DynamicTest> pureOnes() throws IOException {
        JsonObject models = read("models.json").asObject();
        return vectors().stream()
                .filter(Vector::isPure)
                .map(vector -> DynamicTest.dynamicTest(vector.id() + " " + vector.title(), () -> run(vector, models)));
    }

    @Test
    void everyVectorIsRunHereOrNeedsMoreThanTheFunction() throws IOException {
        List<Vector> all = vectors();

        List<String> others =
                all.stream().filter(vector -> !vector.isPure()).map(Vector::id).toList();

        System.out.println("sync vectors: " + (all.size() - others.size()) + " run here; " + others.size()
                + " need subscriptions or watchers: " + others);
        assertThat(all.size() - others.size()).isGreaterThan(others.size());
    }

    private static void run(Vector vector, JsonObject models) {
        SyncVectorSystem system = new SyncVectorSystem(member(models, "models").asObject());
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < vector.given().size(); i++) {
            JsonObject operation = vector.given().get(i);
            JsonValue answer = system.perform(operation);
            JsonValue expected = vector.then().get(i);
            if (!answer.sameValue(expected)) {
                differences.add("step " + i + ": " + answer.raw() + " instead of " + expected.raw());
            }
        }
        assertThat(differences).isEmpty();
    }

    private static List<Vector> vectors() throws IOException {
        return read("sync.json").elements().stream()
                .map(json -> Vector.of(json.asObject()))
                .toList();
    }

    private static JsonValue read(String file) throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), FOLDER + " is not here: the vectors are not run");
        String text = Files.readString(FOLDER.resolve(file));
        return member(JsonObject.parse("{\"file\":" + text + "}", LIMITS), "file");
    }

    static JsonValue member(JsonObject json, String name) {
        return Objects.requireNonNull(json.member(name), name);
    }

    static String text(JsonObject json, String name) {
        return member(json, name).asText();
    }
}
