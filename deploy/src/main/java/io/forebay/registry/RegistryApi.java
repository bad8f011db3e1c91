package io.forebay.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Confluent's REST API that its own client, librdkafka's and Python's make for Avro, as functions from a
 * request to a JSON value. Knows no HTTP server.
 */
final class RegistryApi {

    private final SchemaCatalogue catalogue;
    private final ObjectMapper json;

    RegistryApi(SchemaCatalogue catalogue, ObjectMapper json) {
        this.catalogue = catalogue;
        this.json = json;
    }

    /**
     * A request.
     *
     * @param method the HTTP method
     * @param path the decoded parts of the path
     * @param query the query parameters
     * @param body the body, empty where there is none
     */
    record Request(String method, List<String> path, Map<String, String> query, String body) {

        private boolean is(String expectedMethod, String... pattern) {
            if (!method.equals(expectedMethod) || path.size() != pattern.length) {
                return false;
            }
            for (int i = 0; i < pattern.length; i++) {
                if (!pattern[i].equals("?") && !pattern[i].equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private boolean flag(String parameter) {
            return Boolean.parseBoolean(query.get(parameter));
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record SchemaRequest(
            @Nullable String schema,
            @Nullable String schemaType,
            @Nullable List<Reference> references) {

        private String text() {
            if (schemaType != null && !schemaType.equals("AVRO")) {
                throw RegistryException.invalidSchema("type %s is not kept here, only AVRO".formatted(schemaType));
            }
            if (schema == null) {
                throw RegistryException.invalidSchema("\"schema\" is missing");
            }
            return schema;
        }

        private List<Reference> takenTypes() {
            return references == null ? List.of() : references;
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record LevelRequest(@Nullable String compatibility) {

        private Compatibility level() {
            return Compatibility.named(compatibility == null ? "" : compatibility);
        }
    }

    private record SubjectVersion(
            @JsonProperty("subject") String subject,
            @JsonProperty("version") int version) {}

    /**
     * Answers a request.
     *
     * @param request the request
     * @return what the answer's body is, to be written as JSON
     * @throws RegistryException for anything but success
     */
    Object answer(Request request) {
        return switch (request.path().isEmpty() ? "" : request.path().get(0)) {
            case "" -> answerRoot(request);
            case "subjects" -> answerSubjects(request);
            case "schemas" -> answerSchemas(request);
            case "config" -> answerConfig(request);
            case "compatibility" -> answerCompatibility(request);
            case "mode" -> answerMode(request);
            default -> throw notFound();
        };
    }

    private Object answerRoot(Request request) {
        if (request.is("GET")) {
            return Map.of();
        }
        throw notAllowed();
    }

    private Object answerSubjects(Request request) {
        if (request.is("GET", "subjects")) {
            return catalogue.subjects(request.query().getOrDefault("subjectPrefix", ""));
        }
        if (request.is("POST", "subjects", "?")) {
            SchemaRequest body = read(request, SchemaRequest.class);
            return described(catalogue.lookUp(request.path().get(1), body.text(), body.takenTypes()));
        }
        if (request.is("GET", "subjects", "?", "versions")) {
            return catalogue.versions(request.path().get(1)).stream()
                    .map(Registered::version)
                    .toList();
        }
        if (request.is("POST", "subjects", "?", "versions")) {
            SchemaRequest body = read(request, SchemaRequest.class);
            Registered registered = catalogue.register(request.path().get(1), body.text(), body.takenTypes());
            return Map.of("id", registered.id());
        }
        if (request.is("GET", "subjects", "?", "versions", "?")) {
            return described(version(request));
        }
        if (request.is("GET", "subjects", "?", "versions", "?", "schema")) {
            return tree(version(request).schema());
        }
        throw request.method().equals("GET") ? notFound() : notAllowed();
    }

    private Object answerSchemas(Request request) {
        if (request.is("GET", "schemas", "types")) {
            return List.of("AVRO");
        }
        if (request.is("GET", "schemas")) {
            return catalogue.subjects(request.query().getOrDefault("subjectPrefix", "")).stream()
                    .map(catalogue::versions)
                    .flatMap(versions -> request.flag("latestOnly")
                            ? versions.stream().skip(versions.size() - 1L)
                            : versions.stream())
                    .map(this::described)
                    .toList();
        }
        if (request.is("GET", "schemas", "ids", "?")) {
            Registered registered = catalogue.byId(id(request)).get(0);
            ObjectNode answer = json.createObjectNode().put("schema", registered.schema());
            return withReferences(answer, registered);
        }
        if (request.is("GET", "schemas", "ids", "?", "schema")) {
            return tree(catalogue.byId(id(request)).get(0).schema());
        }
        if (request.is("GET", "schemas", "ids", "?", "subjects")) {
            return catalogue.byId(id(request)).stream()
                    .map(Registered::subject)
                    .distinct()
                    .toList();
        }
        if (request.is("GET", "schemas", "ids", "?", "versions")) {
            return catalogue.byId(id(request)).stream()
                    .map(registered -> new SubjectVersion(registered.subject(), registered.version()))
                    .toList();
        }
        throw request.method().equals("GET") ? notFound() : notAllowed();
    }

    private Object answerConfig(Request request) {
        if (request.is("GET", "config")) {
            return Map.of("compatibilityLevel", catalogue.globalLevel());
        }
        if (request.is("GET", "config", "?")) {
            String subject = request.path().get(1);
            return Map.of("compatibilityLevel", catalogue.subjectLevel(subject).orElseGet(() -> {
                if (!request.flag("defaultToGlobal")) {
                    throw new RegistryException(
                            40408,
                            "Subject '%s' does not have subject-level compatibility configured".formatted(subject));
                }
                return catalogue.globalLevel();
            }));
        }
        if (request.is("PUT", "config") || request.is("PUT", "config", "?")) {
            Compatibility level = read(request, LevelRequest.class).level();
            catalogue.setLevel(request.path().size() > 1 ? request.path().get(1) : null, level);
            return Map.of("compatibility", level);
        }
        throw notAllowed();
    }

    private Object answerCompatibility(Request request) {
        Version after;
        if (request.is("POST", "compatibility", "subjects", "?", "versions", "?")) {
            after = Version.parse(request.path().get(4));
        } else if (request.is("POST", "compatibility", "subjects", "?", "versions")) {
            after = null;
        } else {
            throw request.method().equals("POST") ? notFound() : notAllowed();
        }
        SchemaRequest body = read(request, SchemaRequest.class);
        List<String> problems = catalogue.problems(request.path().get(2), after, body.text(), body.takenTypes());
        ObjectNode answer = json.createObjectNode().put("is_compatible", problems.isEmpty());
        if (request.flag("verbose")) {
            ArrayNode messages = answer.putArray("messages");
            problems.forEach(messages::add);
        }
        return answer;
    }

    private static Object answerMode(Request request) {
        if (request.is("GET", "mode") || request.is("GET", "mode", "?")) {
            return Map.of("mode", "READWRITE");
        }
        throw notAllowed();
    }

    private Registered version(Request request) {
        return catalogue.version(
                request.path().get(1), Version.parse(request.path().get(3)));
    }

    private ObjectNode described(Registered registered) {
        ObjectNode answer = json.createObjectNode()
                .put("subject", registered.subject())
                .put("version", registered.version())
                .put("id", registered.id())
                .put("schema", registered.schema());
        return withReferences(answer, registered);
    }

    private ObjectNode withReferences(ObjectNode answer, Registered registered) {
        if (!registered.references().isEmpty()) {
            answer.set("references", json.valueToTree(registered.references()));
        }
        return answer;
    }

    private Object tree(String schema) {
        try {
            return json.readTree(schema);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a registered schema that is no JSON", e);
        }
    }

    private <T> T read(Request request, Class<T> type) {
        try {
            return json.readValue(request.body(), type);
        } catch (JsonProcessingException e) {
            throw new RegistryException(422, "The request's body is not the JSON object that this call takes");
        }
    }

    private static int id(Request request) {
        try {
            return Integer.parseInt(request.path().get(2));
        } catch (NumberFormatException e) {
            throw notFound();
        }
    }

    private static RegistryException notFound() {
        return new RegistryException(404, "HTTP 404 Not Found");
    }

    private static RegistryException notAllowed() {
        return new RegistryException(405, "HTTP 405 Method Not Allowed");
    }
}
