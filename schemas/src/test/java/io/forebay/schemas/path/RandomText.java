package io.forebay.schemas.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Parts as hostile producers write them: empty, dots, wildcards, separators, control and supplementary characters. */
final class RandomText {

    private static final String[] SPECIAL = {
        "", ".", "..", "*", "**", "/", "%", "%41", "a", "a b", "é", "\u0000", "😀", "\uFFFF"
    };

    private RandomText() {}

    static List<String> parts(Random random) {
        int size = 1 + random.nextInt(4);
        List<String> parts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            parts.add(random.nextInt(3) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : part(random));
        }
        return parts;
    }

    private static String part(Random random) {
        StringBuilder part = new StringBuilder();
        int length = random.nextInt(6);
        for (int i = 0; i < length; i++) {
            part.appendCodePoint(codePoint(random));
        }
        return part.toString();
    }

    private static int codePoint(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(0x80);
            case 1 -> random.nextInt(0x800);
            case 2 -> 0xE000 + random.nextInt(0x2000);
            case 3 -> Character.MIN_SUPPLEMENTARY_CODE_POINT + random.nextInt(0x1000);
            default -> 'a' + random.nextInt(3);
        };
    }
}
