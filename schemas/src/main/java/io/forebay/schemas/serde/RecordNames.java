package io.forebay.schemas.serde;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether the records that a writer has written are ours by name.
 *
 * <p>Avro's resolution falls back from names to structure: in a union a record of an unknown name becomes the first record
 * whose fields can all be filled, and every record can fill one without required fields. A command that a later version
 * adds would then be read as a purge. So names are compared here, along our schema; what the writer has beyond it is left
 * out, as Avro skips it.
 */
final class RecordNames {

    private RecordNames() {}

    /** Whether a writer's schema is of the same record as ours. */
    static boolean agree(Schema writer, Schema reader) {
        return writer.getType() == Schema.Type.RECORD && writer.getFullName().equals(reader.getFullName());
    }

    /** Whether every value of a writer's schema agrees with ours. */
    static boolean agreeInEveryValue(Schema writer, Schema reader) {
        return agreeInEveryValue(writer, reader, new HashSet<>());
    }

    private static boolean agreeInEveryValue(Schema writer, Schema reader, Set<String> visited) {
        if (writer.getType() == Schema.Type.UNION) {
            return writer.getTypes().stream().allMatch(branch -> agreeInEveryValue(branch, reader, visited));
        }
        Schema match = branchFor(writer, reader);
        if (match == null) {
            return writer.getType() != Schema.Type.RECORD;
        }
        return switch (writer.getType()) {
            case ARRAY -> agreeInEveryValue(writer.getElementType(), match.getElementType(), visited);
            case MAP -> agreeInEveryValue(writer.getValueType(), match.getValueType(), visited);
            case RECORD ->
                !visited.add(writer.getFullName())
                        || match.getFields().stream().allMatch(field -> {
                            Schema.Field written = writer.getField(field.name());
                            return written == null || agreeInEveryValue(written.schema(), field.schema(), visited);
                        });
            default -> true;
        };
    }

    /** Whether one value of a writer's schema agrees with ours. */
    static boolean agree(Schema writer, Schema reader, @Nullable Object datum) {
        if (writer.getType() == Schema.Type.UNION) {
            Schema branch = writer.getTypes().get(GenericData.get().resolveUnion(writer, datum));
            return agree(branch, reader, datum);
        }
        Schema match = branchFor(writer, reader);
        if (match == null) {
            return writer.getType() != Schema.Type.RECORD;
        }
        if (datum instanceof Collection<?> elements) {
            return elements.stream()
                    .allMatch(element -> agree(writer.getElementType(), match.getElementType(), element));
        }
        if (datum instanceof Map<?, ?> entries) {
            return entries.values().stream()
                    .allMatch(element -> agree(writer.getValueType(), match.getValueType(), element));
        }
        if (datum instanceof IndexedRecord record) {
            return match.getFields().stream().allMatch(field -> {
                Schema.Field written = writer.getField(field.name());
                return written == null || agree(written.schema(), field.schema(), record.get(written.pos()));
            });
        }
        return true;
    }

    /** Our schema for values of a writer's, by type and, of records, by name; null when there is none. */
    private static @Nullable Schema branchFor(Schema writer, Schema reader) {
        List<Schema> branches = reader.getType() == Schema.Type.UNION ? reader.getTypes() : List.of(reader);
        for (Schema branch : branches) {
            boolean sameType = branch.getType() == writer.getType();
            if (sameType
                    && (writer.getType() != Schema.Type.RECORD
                            || branch.getFullName().equals(writer.getFullName()))) {
                return branch;
            }
        }
        return null;
    }
}
