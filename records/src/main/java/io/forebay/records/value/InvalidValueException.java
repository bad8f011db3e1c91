package io.forebay.records.value;

import io.forebay.records.model.Association;
import io.forebay.records.model.Table;

/** A value or a shape that does not fit the model, or is too deep. */
public final class InvalidValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String pointer;
    private final String problem;

    InvalidValueException(String pointer, String problem) {
        super((pointer.isEmpty() ? "value" : pointer) + ": " + problem);
        this.pointer = pointer;
        this.problem = problem;
    }

    /** Where, as a JSON Pointer (RFC 6901) into what was read. */
    public String pointer() {
        return pointer;
    }

    /** What is wrong there. */
    public String problem() {
        return problem;
    }

    static String child(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    static Association require(Table table, String association, String pointer) {
        Association found = table.association(association);
        if (found == null) {
            throw new InvalidValueException(
                    child(pointer, association), table.name() + " has no association " + association);
        }
        return found;
    }
}
