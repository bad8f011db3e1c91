package io.forebay.registry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/** What a new version of a subject must be able to read, and be read by. */
enum Compatibility {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean readsOld;
    private final boolean isReadByOld;
    private final boolean transitive;

    Compatibility(boolean readsOld, boolean isReadByOld, boolean transitive) {
        this.readsOld = readsOld;
        this.isReadByOld = isReadByOld;
        this.transitive = transitive;
    }

    static Compatibility named(String name) {
        for (Compatibility level : values()) {
            if (level.name().equals(name.toUpperCase(Locale.ROOT))) {
                return level;
            }
        }
        throw new RegistryException(
                42203,
                "Invalid compatibility level \"%s\". Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive"
                        .formatted(name));
    }

    /**
     * Compares a schema with those before it.
     *
     * @param schema the new one
     * @param earlier the earlier ones, oldest first
     * @return what is wrong, newest version first; empty where it is compatible
     */
    List<String> problems(Schema schema, List<Schema> earlier) {
        List<Schema> newestFirst = new ArrayList<>(earlier);
        Collections.reverse(newestFirst);
        List<String> problems = new ArrayList<>();
        for (Schema old :
                transitive ? newestFirst : newestFirst.stream().limit(1).toList()) {
            if (readsOld) {
                problems.addAll(incompatibilities(schema, old, "the new schema cannot read data of the old one"));
            }
            if (isReadByOld) {
                problems.addAll(incompatibilities(old, schema, "the old schema cannot read data of the new one"));
            }
        }
        return problems;
    }

    private static List<String> incompatibilities(Schema reader, Schema writer, String direction) {
        SchemaPairCompatibility pair = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (pair.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        return pair.getResult().getIncompatibilities().stream()
                .map(found -> "%s: %s at %s: %s"
                        .formatted(direction, found.getType(), found.getLocation(), found.getMessage()))
                .toList();
    }
}
