package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;

/** One capability, and how to get an empty system with it. Both sides answer the same operations. */
interface Area {
    /** As the vectors name it. */
    String name();

    /** Whether the vector makes sense over HTTP; not so where its point is the clock or a typed argument of a function. */
    default boolean runsOverHttp(Vector vector) {
        return vector.given().stream()
                .map(operation -> operation.path("op").asText())
                .noneMatch(operation -> operation.equals("advance") || operation.equals("clock"));
    }

    /** What of an answer is compared with an expectation. */
    default JsonNode comparable(JsonNode expected, JsonNode answer) {
        return answer;
    }

    /** The production topology and its query types, driven record by record, with time by the test's clock. */
    SystemUnderTest inProcess();

    /** The whole program behind HTTP, with topics and state of its own, for a vector. */
    SystemUnderTest overHttp(Vector vector);

    /** Stops what several systems had in common; none of them is open any more. */
    default void release() {}
}
