package io.forebay.records.value;

import java.util.Collection;

/** How deep values are nested. */
final class Depth {

    private Depth() {}

    static int above(Collection<? extends Value> values) {
        int deepest = 0;
        for (Value value : values) {
            deepest = Math.max(deepest, value.depth());
        }
        if (deepest >= Value.MAX_DEPTH) {
            throw tooDeep("");
        }
        return deepest + 1;
    }

    static InvalidValueException tooDeep(String pointer) {
        return new InvalidValueException(pointer, "is nested deeper than " + Value.MAX_DEPTH);
    }
}
