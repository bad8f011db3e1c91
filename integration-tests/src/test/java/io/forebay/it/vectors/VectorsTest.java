package io.forebay.it.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.it.vectors.VectorSuite.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The acceptance vectors in process, where they are at hand. */
class VectorsTest {
    private static final Path FOLDER = Path.of("..", "..", "shared", "vectors");

    @TestFactory
    Stream<DynamicTest> inProcess() {
        return tests(Side.IN_PROCESS);
    }

    static Stream<DynamicTest> tests(Side side) {
        assumeTrue(Files.isDirectory(FOLDER), FOLDER + " is not here: the vectors are not run");
        return VectorSuite.of(FOLDER, Set.of()).start(side).stream()
                .map(started -> DynamicTest.dynamicTest(
                        started.vector().id() + " " + started.vector().title(),
                        () -> assertThat(started.outcome().differences()).isEmpty()));
    }
}
