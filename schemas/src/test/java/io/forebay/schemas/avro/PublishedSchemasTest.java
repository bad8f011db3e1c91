package io.forebay.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules for Avro schemas. {@code src/released/VERSION} holds the schemas as that version published them; a release adds
 * a folder and never changes one.
 */
class PublishedSchemasTest {

    private static final Path CURRENT = SchemaFiles.CURRENT;
    private static final Path RELEASED = Path.of("src/released");

    private static final Map<String, String> LAST_BY_PLACE =
            Map.of("RecordedEvent.avsc", "sealed_by", "InstanceKey.avsc", "unit_last");

    static Stream<Path> currentSchemas() {
        return SchemaFiles.in(CURRENT);
    }

    static Stream<Path> releasedSchemas() {
        return SchemaFiles.in(RELEASED)
                .sorted(Comparator.comparing((Path version) -> Version.parse(name(version))))
                .flatMap(SchemaFiles::in);
    }

    @ParameterizedTest
    @MethodSource("currentSchemas")
    void everyTypeAndFieldSaysWhatItIs(Path file) {
        List<String> undocumented = new ArrayList<>();

        collectUndocumented(SchemaFiles.parse(file), undocumented, new ArrayList<>());

        assertThat(undocumented).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("releasedSchemas")
    void whatWasWrittenUnderAReleasedSchemaStaysReadable(Path released) {
        Path current = CURRENT.resolve(name(released));

        assertThat(current).as("a released schema stays").exists();
        assertThat(incompatibility(SchemaFiles.parse(current), SchemaFiles.parse(released)))
                .isEmpty();
    }

    @Test
    void aReleaseHasPublishedEverySchema() {
        assertThat(SchemaFiles.in(RELEASED)).isNotEmpty();
        assertThat(SchemaFiles.in(RELEASED).reduce((older, newer) -> newer).stream()
                        .flatMap(SchemaFiles::in))
                .extracting(PublishedSchemasTest::name)
                .containsExactlyInAnyOrderElementsOf(
                        SchemaFiles.in(CURRENT).map(PublishedSchemasTest::name).toList());
    }

    /** Stores read them without the schema that they were written under. */
    @ParameterizedTest
    @MethodSource("releasedSchemas")
    void theFieldsThatAreReadByTheirPlaceStayThere(Path released) {
        String last = LAST_BY_PLACE.get(name(released));
        if (last != null) {
            assertThat(fieldsUpTo(last, SchemaFiles.parse(CURRENT.resolve(name(released)))))
                    .isEqualTo(fieldsUpTo(last, SchemaFiles.parse(released)));
        }
    }

    private static List<String> fieldsUpTo(String last, Schema record) {
        return record.getFields().stream()
                .limit(record.getField(last).pos() + 1)
                .map(field -> field.name() + " " + SchemaNormalization.toParsingForm(field.schema()))
                .toList();
    }

    @Test
    void theCheckFindsAnIncompatibleChange() {
        Schema released = SchemaFiles.parse(CURRENT.resolve("PresenceCommand.avsc"));
        Schema changed = new Schema.Parser()
                .parse(released.toString()
                        .replace("\"name\":\"t\",\"type\":\"string\"", "\"name\":\"t\",\"type\":\"long\""));

        assertThat(incompatibility(changed, released)).isNotEmpty();
    }

    private static List<String> incompatibility(Schema reader, Schema writer) {
        SchemaValidator backward =
                new SchemaValidatorBuilder().canReadStrategy().validateLatest();
        try {
            backward.validate(reader, List.of(writer));
            return List.of();
        } catch (SchemaValidationException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private static void collectUndocumented(Schema schema, List<String> undocumented, List<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.contains(schema.getFullName())) {
                    return;
                }
                seen.add(schema.getFullName());
                requireDoc(schema.getFullName(), schema.getDoc(), undocumented);
                for (Schema.Field field : schema.getFields()) {
                    requireDoc(schema.getFullName() + "." + field.name(), field.doc(), undocumented);
                    collectUndocumented(field.schema(), undocumented, seen);
                }
            }
            case ENUM, FIXED -> requireDoc(schema.getFullName(), schema.getDoc(), undocumented);
            case ARRAY -> collectUndocumented(schema.getElementType(), undocumented, seen);
            case MAP -> collectUndocumented(schema.getValueType(), undocumented, seen);
            case UNION -> schema.getTypes().forEach(type -> collectUndocumented(type, undocumented, seen));
            default -> {}
        }
    }

    private static void requireDoc(String name, @Nullable String doc, List<String> undocumented) {
        if (doc == null || doc.isBlank()) {
            undocumented.add(name);
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
