package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One case: operations on an empty system, and what each answers. */
record Vector(String id, String area, String title, List<JsonNode> given, List<JsonNode> then) {
    /** All vectors of a folder, file by file in the order of their names; files that hold no list of vectors are passed over. */
    static List<Vector> read(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Vector> vectors = new ArrayList<>();
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                JsonNode content = Json.parse(file);
                if (content.isArray()) {
                    content.forEach(element -> vectors.add(of(element)));
                }
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read vectors from " + folder, e);
        }
    }

    private static Vector of(JsonNode json) {
        Vector vector = new Vector(
                json.required("id").asText(),
                json.required("area").asText(),
                json.path("title").asText(),
                elements(json.required("given")),
                elements(json.required("then")));
        if (vector.given.size() != vector.then.size()) {
            throw new IllegalArgumentException(vector.id + ": given and then differ in length");
        }
        return vector;
    }

    private static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
