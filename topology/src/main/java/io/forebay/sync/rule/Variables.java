package io.forebay.sync.rule;

import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelVariableResolver;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a rule looks at.
 *
 * @param row the row that is judged
 * @param old the row before it; null where there was none, or it is none of the rule's business
 * @param claims of the subscriber; null where there is no identity
 */
record Variables(
        String table,
        Occasion occasion,
        JsonMap row,
        @Nullable JsonMap old,
        @Nullable JsonMap claims) implements CelVariableResolver {

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case "row" -> Optional.of(row);
            case "old" -> orNull(old);
            case "claims" -> orNull(claims);
            case "event" -> Optional.of(occasion.text());
            case "table" -> Optional.of(table);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> orNull(@Nullable JsonMap map) {
        return Optional.of(map == null ? NullValue.NULL_VALUE : map);
    }
}
