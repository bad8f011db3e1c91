package io.forebay.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.forebay.registry.RegistryLog.Entry;
import io.forebay.registry.RegistryLog.LevelSet;
import io.forebay.registry.RegistryLog.SchemaRegistered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Subjects, their versions and what may become the next one. Everything is in memory and was written to the log before;
 * a write that the log did not acknowledge may be there all the same, so the next call reads the log again.
 *
 * <p>Two schemas are the same where Avro's own printed form of them is the same JSON, whatever order its members have:
 * such schemas share one id, under all subjects.
 */
final class SchemaCatalogue {

    private final RegistryLog log;
    private final ObjectMapper json;
    private final Contents contents = new Contents();
    private boolean stale;

    /** Reads the log to its end. */
    SchemaCatalogue(RegistryLog log, ObjectMapper json) {
        this.log = log;
        this.json = json;
        log.replay(entry -> entry.applyTo(contents));
    }

    /** A schema with what tells it from others. */
    private record Parsed(Schema schema, String text, Identity identity) {}

    private record Identity(JsonNode canonical, List<Reference> references) {}

    private final class Contents implements RegistryLog.State {

        private final NavigableMap<String, NavigableMap<Integer, Registered>> subjects = new TreeMap<>();
        private final NavigableMap<Integer, List<Registered>> byId = new TreeMap<>();
        private final Map<Identity, Integer> ids = new LinkedHashMap<>();
        private final Map<String, Compatibility> levels = new TreeMap<>();
        private Compatibility globalLevel = Compatibility.BACKWARD;

        @Override
        public void add(Registered registered) {
            subjects.computeIfAbsent(registered.subject(), subject -> new TreeMap<>())
                    .put(registered.version(), registered);
            byId.computeIfAbsent(registered.id(), id -> new ArrayList<>()).add(registered);
            ids.putIfAbsent(new Identity(tree(registered.schema()), registered.references()), registered.id());
        }

        @Override
        public void set(@Nullable String subject, Compatibility level) {
            if (subject == null) {
                globalLevel = level;
            } else {
                levels.put(subject, level);
            }
        }

        private void clear() {
            subjects.clear();
            byId.clear();
            ids.clear();
            levels.clear();
            globalLevel = Compatibility.BACKWARD;
        }

        private NavigableMap<Integer, Registered> versions(String subject) {
            NavigableMap<Integer, Registered> versions = subjects.get(subject);
            if (versions == null) {
                throw RegistryException.subjectNotFound(subject);
            }
            return versions;
        }
    }

    /** Registers a schema as the next version of a subject, unless it is one of its versions already. */
    synchronized Registered register(String subject, String schema, List<Reference> references) {
        refresh();
        Parsed parsed = parse(schema, references);
        NavigableMap<Integer, Registered> versions = contents.subjects.getOrDefault(subject, new TreeMap<>());
        Optional<Registered> known = find(versions, parsed.identity());
        if (known.isPresent()) {
            return known.get();
        }
        List<String> problems = level(subject).problems(parsed.schema(), schemas(List.copyOf(versions.values())));
        if (!problems.isEmpty()) {
            throw new RegistryException(
                    409,
                    "Schema being registered is incompatible with an earlier schema for subject \"%s\", details: %s"
                            .formatted(subject, problems));
        }
        int id =
                contents.ids.getOrDefault(parsed.identity(), contents.byId.isEmpty() ? 1 : contents.byId.lastKey() + 1);
        int version = versions.isEmpty() ? 1 : versions.lastKey() + 1;
        Registered registered = new Registered(subject, version, id, parsed.text(), references);
        write(new SchemaRegistered(registered));
        return registered;
    }

    /** The version of a subject that a schema is. */
    synchronized Registered lookUp(String subject, String schema, List<Reference> references) {
        refresh();
        NavigableMap<Integer, Registered> versions = contents.versions(subject);
        return find(versions, parse(schema, references).identity()).orElseThrow(RegistryException::schemaNotFound);
    }

    /** Every version under which an id is registered, at least one. */
    synchronized List<Registered> byId(int id) {
        refresh();
        List<Registered> found = contents.byId.get(id);
        if (found == null) {
            throw RegistryException.schemaNotFound(id);
        }
        return List.copyOf(found);
    }

    synchronized List<String> subjects(String prefix) {
        refresh();
        return contents.subjects.keySet().stream()
                .filter(subject -> subject.startsWith(prefix))
                .toList();
    }

    synchronized List<Registered> versions(String subject) {
        refresh();
        return List.copyOf(contents.versions(subject).values());
    }

    synchronized Registered version(String subject, Version version) {
        refresh();
        return version.of(contents.versions(subject));
    }

    /** What keeps a schema from becoming the next version after one, or after all of them; nothing does where empty. */
    synchronized List<String> problems(
            String subject, @Nullable Version after, String schema, List<Reference> references) {
        refresh();
        Parsed parsed = parse(schema, references);
        List<Registered> earlier;
        if (after == null) {
            earlier = List.copyOf(
                    contents.subjects.getOrDefault(subject, new TreeMap<>()).values());
        } else {
            earlier = List.of(after.of(contents.versions(subject)));
        }
        return level(subject).problems(parsed.schema(), schemas(earlier));
    }

    synchronized Compatibility globalLevel() {
        refresh();
        return contents.globalLevel;
    }

    synchronized Optional<Compatibility> subjectLevel(String subject) {
        refresh();
        return Optional.ofNullable(contents.levels.get(subject));
    }

    synchronized void setLevel(@Nullable String subject, Compatibility level) {
        refresh();
        write(new LevelSet(subject, level));
    }

    private Compatibility level(String subject) {
        return contents.levels.getOrDefault(subject, contents.globalLevel);
    }

    private void write(Entry entry) {
        try {
            log.append(entry);
        } catch (KafkaException e) {
            stale = true;
            throw unavailable(e);
        }
        entry.applyTo(contents);
    }

    private void refresh() {
        if (!stale) {
            return;
        }
        contents.clear();
        try {
            log.replay(entry -> entry.applyTo(contents));
        } catch (KafkaException e) {
            throw unavailable(e);
        }
        stale = false;
    }

    private static RegistryException unavailable(KafkaException e) {
        return new RegistryException(50001, "Error in the backend data store: " + e.getMessage());
    }

    private Optional<Registered> find(NavigableMap<Integer, Registered> versions, Identity identity) {
        return versions.descendingMap().values().stream()
                .filter(version -> Objects.equals(contents.ids.get(identity), version.id()))
                .findFirst();
    }

    private List<Schema> schemas(List<Registered> versions) {
        return versions.stream()
                .map(version -> parse(version.schema(), version.references()).schema())
                .toList();
    }

    private Parsed parse(String text, List<Reference> references) {
        if (text.isBlank()) {
            throw RegistryException.invalidSchema("it is empty");
        }
        Schema.Parser parser = new Schema.Parser();
        try {
            addTypes(parser, references, new ArrayList<>());
            Schema schema = parser.parse(text);
            // With references Avro would print the types of the other subjects too.
            String canonical =
                    references.isEmpty() ? schema.toString() : tree(text).toString();
            return new Parsed(schema, canonical, new Identity(tree(canonical), List.copyOf(references)));
        } catch (SchemaParseException e) {
            throw RegistryException.invalidSchema(String.valueOf(e.getMessage()));
        }
    }

    private void addTypes(Schema.Parser parser, List<Reference> references, List<Reference> added) {
        for (Reference reference : references) {
            if (!added.contains(reference)) {
                added.add(reference);
                Registered registered =
                        new Version.Numbered(reference.version()).of(contents.versions(reference.subject()));
                addTypes(parser, registered.references(), added);
                parser.parse(registered.schema());
            }
        }
    }

    private JsonNode tree(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw RegistryException.invalidSchema(e.getOriginalMessage());
        }
    }
}
