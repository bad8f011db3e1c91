package io.forebay.schemas.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random JSON objects in every spelling the grammar allows. */
final class JsonText {

    private static final String[] NUMBERS = {
        "0", "-0", "1", "-12", "0.5", "1.00", "1e3", "1E+3", "2.5e-7", "18446744073709551615"
    };
    private static final String[] CHARACTERS = {
        "a",
        "b",
        " ",
        "/",
        "\\/",
        "\\\"",
        "\\\\",
        "\\n",
        "\\u0041",
        "\\u00e9",
        "é",
        "\\ud83d\\ude00",
        "😀",
        "{",
        "]",
        ",",
        ":"
    };
    private static final String[] SPACES = {"", "", "", " ", "\n", "\t ", "\r\n"};

    private JsonText() {}

    /** An object's text and its members as {@code name=value}. */
    record Written(String text, List<String> members) {}

    static Written object(Random random) {
        StringBuilder text = new StringBuilder("{");
        List<String> members = new ArrayList<>();
        int size = random.nextInt(random.nextInt(10) == 0 ? 40 : 6);
        for (int i = 0; i < size; i++) {
            String name = "m" + i;
            String value = value(random, 1);
            members.add(name + "=" + value);
            text.append(i == 0 ? "" : ",")
                    .append(space(random))
                    .append('"')
                    .append(name)
                    .append('"');
            text.append(space(random))
                    .append(':')
                    .append(space(random))
                    .append(value)
                    .append(space(random));
        }
        return new Written(
                text.append(size == 0 ? space(random) : "").append('}').toString(), members);
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 5 : 7)) {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 1, 2 -> string(random);
            case 3 -> "null";
            case 4 -> random.nextBoolean() ? "true" : "false";
            case 5 -> array(random, depth);
            default -> nested(random, depth);
        };
    }

    private static String array(Random random, int depth) {
        StringBuilder text = new StringBuilder("[").append(space(random));
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",")
                    .append(space(random))
                    .append(value(random, depth + 1))
                    .append(space(random));
        }
        return text.append(']').toString();
    }

    private static String nested(Random random, int depth) {
        StringBuilder text = new StringBuilder("{").append(space(random));
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",").append("\"n").append(i).append("\":").append(space(random));
            text.append(value(random, depth + 1)).append(space(random));
        }
        return text.append('}').toString();
    }

    private static String string(Random random) {
        StringBuilder text = new StringBuilder("\"");
        int length = random.nextInt(8);
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.append('"').toString();
    }

    private static String space(Random random) {
        return SPACES[random.nextInt(SPACES.length)];
    }
}
