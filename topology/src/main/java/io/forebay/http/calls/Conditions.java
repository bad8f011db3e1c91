package io.forebay.http.calls;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.schemas.avro.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a write ({@code If-Match}, {@code If-None-Match: *}) as the command carries them. */
public final class Conditions {
    private Conditions() {}

    /** The condition of a write, or null where it has none. */
    public static @Nullable Condition of(Request request) {
        List<String> match = request.headers("If-Match");
        List<String> noneMatch = request.headers("If-None-Match");
        if (match.isEmpty() && noneMatch.isEmpty()) {
            return null;
        }
        if (!noneMatch.isEmpty() && !noneMatch.equals(List.of("*"))) {
            throw Problem.invalid("If-None-Match", "must be * on a write").exception();
        }
        return new Condition(match.isEmpty() ? null : tags(match), !noneMatch.isEmpty());
    }

    /** Refuses conditions on a call that takes none. */
    public static void refuse(Request request) {
        for (String header : List.of("If-Match", "If-None-Match")) {
            if (!request.headers(header).isEmpty()) {
                throw Problem.invalid(header, "is not taken by this call").exception();
            }
        }
    }

    private static List<String> tags(List<String> values) {
        List<String> tags = new ArrayList<>();
        for (String value : values) {
            for (String tag : value.split(",", -1)) {
                String trimmed = tag.trim();
                if (trimmed.equals("*")) {
                    tags.add("*");
                } else if (trimmed.matches("\"[!#-~]*\"")) {
                    tags.add(trimmed.substring(1, trimmed.length() - 1));
                } else {
                    throw Problem.invalid("If-Match", "must be * or strong entity tags in double quotes")
                            .exception();
                }
            }
        }
        return tags;
    }
}
