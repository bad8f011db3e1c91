package io.forebay.records.file;

import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object within a file: knows where it is, and notes what is wrong with its members. */
public final class FileObject {

    /** A member for people, allowed everywhere. */
    private static final String NOTE = "note";

    private final JsonObject object;
    private final String pointer;
    private final List<FileProblem> problems;

    public FileObject(JsonObject object, String pointer, List<FileProblem> problems) {
        this.object = object;
        this.pointer = pointer;
        this.problems = problems;
    }

    public boolean has(String member) {
        return object.has(member);
    }

    public List<String> names() {
        return object.members().stream().map(JsonObject.Member::name).toList();
    }

    public void problem(String problem) {
        problems.add(new FileProblem(pointer, problem));
    }

    public void problem(String member, String problem) {
        problems.add(new FileProblem(pointer(member), problem));
    }

    private String pointer(String member) {
        return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
    }

    /** Notes every member that is not one of these. */
    public void allow(Set<String> members) {
        for (String name : names()) {
            if (!name.equals(NOTE) && !members.contains(name)) {
                problem(name, "is not known here: allowed are " + String.join(", ", members));
            }
        }
    }

    /** A member; when it is missing this is noted. */
    private @Nullable JsonValue required(String member, String form) {
        JsonValue value = object.member(member);
        if (value == null) {
            problem("needs " + member + ": " + form);
        }
        return value;
    }

    /** The value of a member that may be left out. */
    public @Nullable JsonValue optional(String member) {
        return object.member(member);
    }

    /** A member that is an object; null, and noted, when it is not. */
    public @Nullable FileObject object(String member) {
        JsonValue value = required(member, "an object");
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            problem(member, "is an object");
            return null;
        }
        return new FileObject(value.asObject(), pointer(member), problems);
    }

    /** A member that is a text of at least one character; null, and noted, when it is not. */
    public @Nullable String text(String member) {
        JsonValue value = required(member, "a text");
        if (value == null) {
            return null;
        }
        if (!isName(value)) {
            problem(member, "is a text, not empty");
            return null;
        }
        return value.asText();
    }

    /** Whether a member is true; noted when it is no boolean. */
    public boolean flag(String member) {
        JsonValue value = object.member(member);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            problem(member, "is true or false");
            return false;
        }
        return value.asBoolean();
    }

    /** A member that is a list of different names, or one name; null, and noted, when it is not. */
    public @Nullable List<String> names(String member) {
        JsonValue value = required(member, "a name or a list of names");
        if (value == null) {
            return null;
        }
        List<String> names = namesOf(value);
        if (names == null || names.isEmpty()) {
            problem(member, "is a name or a list of names, not empty");
            return null;
        }
        return names;
    }

    /** As {@link #names(String)}, with no name twice. */
    public @Nullable List<String> differentNames(String member) {
        List<String> names = names(member);
        Set<String> seen = new HashSet<>();
        for (String name : names == null ? List.<String>of() : names) {
            if (!seen.add(name)) {
                problem(member, "names " + name + " twice");
                return null;
            }
        }
        return names;
    }

    public static @Nullable List<String> namesOf(JsonValue value) {
        if (isName(value)) {
            return List.of(value.asText());
        }
        if (!value.isArray()) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (JsonValue element : value.elements()) {
            if (!isName(element)) {
                return null;
            }
            names.add(element.asText());
        }
        return names;
    }

    public static boolean isName(JsonValue value) {
        return value.isString() && !Objects.requireNonNull(value.asText()).isEmpty();
    }
}
