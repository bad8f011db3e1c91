package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;

/** One system that was empty when it was opened. Used by one thread. */
interface SystemUnderTest extends AutoCloseable {
    /**
     * Performs one operation of a vector and answers its result in the vectors' terms.
     *
     * @throws IllegalArgumentException when there is no such operation
     */
    JsonNode perform(JsonNode operation) throws Exception;

    @Override
    void close();
}
