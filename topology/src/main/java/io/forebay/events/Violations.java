package io.forebay.events;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything that is wrong with an append, so that it is told at once; of each field the first thing. */
final class Violations {

    /** What is beyond is not told; whoever puts these right is told the rest. */
    private static final int MOST = 200;

    private final List<Violation> all = new ArrayList<>();
    private final Set<String> fields = new HashSet<>();
    private boolean onlyTooLarge = true;

    void add(String field, String rule) {
        onlyTooLarge &= !keep(field, rule);
    }

    void addTooLarge(String field, String rule) {
        keep(field, rule);
    }

    private boolean keep(String field, String rule) {
        if (all.size() >= MOST || !fields.add(field)) {
            return false;
        }
        all.add(new Violation(field, rule));
        return true;
    }

    void refuse() throws RefusedException {
        if (all.isEmpty()) {
            return;
        }
        throw onlyTooLarge ? RefusedException.of(413, "too_large", all, null) : RefusedException.invalid(all);
    }
}
