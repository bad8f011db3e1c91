package io.forebay.records.watch;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The acceptance vectors, where they are there. */
final class Vectors {

    static final Path DIRECTORY = Path.of("../../shared/vectors");

    private Vectors() {}

    /** One vector: calls and what they answer. */
    record Vector(String id, String title, List<JsonObject> given, List<JsonObject> then) {

        Set<String> operations() {
            Set<String> operations = new LinkedHashSet<>();
            given.forEach(call -> operations.add(Json.text(call, "op")));
            return operations;
        }

        @Override
        public String toString() {
            return id + " " + title;
        }
    }

    static List<Vector> of(String area) {
        return read(area).elements().stream()
                .map(JsonValue::asObject)
                .map(vector -> new Vector(
                        Json.text(vector, "id"),
                        Json.text(vector, "title"),
                        objects(Json.member(vector, "given")),
                        objects(Json.member(vector, "then"))))
                .toList();
    }

    static Map<String, Model> models() {
        Map<String, Model> models = new TreeMap<>();
        Json.member(read("models").asObject(), "models")
                .asObject()
                .members()
                .forEach(member -> models.put(
                        member.name(), ModelFile.parse(member.value().asObject().without("note"))));
        return models;
    }

    private static List<JsonObject> objects(JsonValue array) {
        return array.elements().stream().map(JsonValue::asObject).toList();
    }

    private static JsonValue read(String name) {
        try {
            return Json.value(Files.readString(DIRECTORY.resolve(name + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
