package io.forebay.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all partitions answered.
 *
 * @param answers in the order of the partitions
 * @param missing partitions nobody answered for, in order; empty unless the read allowed it
 */
public record Gathered<R extends @Nullable Object>(List<Answer<R>> answers, List<Integer> missing) {

    public Gathered {
        answers = List.copyOf(answers);
        missing = List.copyOf(missing);
    }
}
