package io.forebay.events;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with an append, so that it is told at once. */
final class Violations {

    /** What is beyond is not told; whoever puts these right is told the rest. */
    private static final int MOST = 200;

    private final List<Violation> all = new ArrayList<>();
    private int count;
    private boolean onlyTooLarge = true;

    void add(String field, String rule) {
        onlyTooLarge = false;
        keep(field, rule);
    }

    void addTooLarge(String field, String rule) {
        keep(field, rule);
    }

    private void keep(String field, String rule) {
        count++;
        if (all.size() < MOST) {
            all.add(new Violation(field, rule));
        }
    }

    /** How many were added. */
    int count() {
        return count;
    }

    void refuse() throws RefusedException {
        if (all.isEmpty()) {
            return;
        }
        throw onlyTooLarge ? RefusedException.of(413, "too_large", all, null) : RefusedException.invalid(all);
    }
}
