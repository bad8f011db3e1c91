package io.forebay.schemas.avro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/** The files of Avro schemas, as they are published. */
public final class SchemaFiles {

    /** The folder of this version's. */
    public static final Path CURRENT = Path.of("src/main/avro");

    private SchemaFiles() {}

    /** The schema of a file. Types may refer to those of other files in their folder. */
    public static Schema parse(Path file) {
        SchemaParser parser = new SchemaParser();
        try {
            for (Path other : in(Objects.requireNonNull(file.getParent())).toList()) {
                if (!other.equals(file)) {
                    parser.parse(other);
                }
            }
            return parser.parse(file).mainSchema();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
