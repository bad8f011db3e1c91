package io.forebay.it.vectors;

import io.forebay.it.vectors.VectorSuite.Side;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The acceptance vectors over HTTP, where they are at hand. */
class VectorsIT {
    @TestFactory
    Stream<DynamicTest> overHttp() {
        return VectorsTest.tests(Side.OVER_HTTP);
    }
}
