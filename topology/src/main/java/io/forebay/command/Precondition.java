package io.forebay.command;

import io.forebay.schemas.avro.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command asks of what is there, decided together with it (RFC 9110, section 13). An entity tag is a version: the
 * decimal offset of the input record that wrote it.
 */
public final class Precondition {

    private Precondition() {}

    /**
     * Checks a condition.
     *
     * @param condition null for none
     * @param version of what is there; null when nothing is
     * @throws RefusedException 412 {@code precondition_failed} when it does not hold
     */
    public static void check(@Nullable Condition condition, @Nullable Long version) throws RefusedException {
        if (condition == null) {
            return;
        }
        if (condition.getIfNoneMatchAny() && version != null) {
            throw new RefusedException(412, "precondition_failed", "If-None-Match", "there is one already");
        }
        List<String> expected = condition.getIfMatch();
        if (expected != null) {
            boolean matches = version != null && (expected.contains("*") || expected.contains(Long.toString(version)));
            if (!matches) {
                throw new RefusedException(
                        412, "precondition_failed", "If-Match", "it has another version by now, or is gone");
            }
        }
    }
}
