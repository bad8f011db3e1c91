package io.forebay.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One configuration key: what it is called, what it may be, what holds when it is absent.
 *
 * @param name the whole name, {@code forebay.…}
 * @param type what its values are, for the reference
 * @param fallback the text that holds when it is absent; null when there is none
 * @param allowed the rule, in words that end a sentence beginning with "allowed:"
 * @param secret whether its value may never be shown
 * @param doc what it does
 * @param parser from text; throws {@link IllegalArgumentException} when the rule is broken
 * @param <T> what it is read as
 */
public record Key<T>(
        String name,
        String type,
        @Nullable String fallback,
        String allowed,
        boolean secret,
        String doc,
        Function<String, T> parser) {

    private static final Pattern SPAN = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(B|KiB|MiB|GiB)?");

    /** A whole number within bounds, both inclusive. */
    public static Key<Integer> integer(String name, int fallback, int least, int most, String doc) {
        return new Key<>(
                name,
                "integer",
                Integer.toString(fallback),
                "a whole number from " + least + " to " + most,
                false,
                doc,
                text -> (int) bounded(Long.parseLong(text), least, most));
    }

    /** A length of time within bounds, both inclusive: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 24h}, {@code 7d} or ISO 8601. */
    public static Key<Duration> duration(String name, Duration fallback, Duration least, Duration most, String doc) {
        return new Key<>(
                name,
                "duration",
                text(fallback),
                "a duration such as 250ms, 10s, 5m, 24h, 7d or PT10S, from " + text(least) + " to " + text(most),
                false,
                doc,
                text -> Duration.ofMillis(bounded(millis(text), least.toMillis(), most.toMillis())));
    }

    /** A number of bytes within bounds, both inclusive: {@code 4096}, {@code 64KiB}, {@code 2MiB}, {@code 1GiB}. */
    public static Key<Long> size(String name, long fallback, long least, long most, String doc) {
        return new Key<>(
                name,
                "size",
                sizeText(fallback),
                "a size such as 4096, 64KiB, 2MiB or 1GiB, from " + sizeText(least) + " to " + sizeText(most),
                false,
                doc,
                text -> bounded(bytes(text), least, most));
    }

    /** True or false. */
    public static Key<Boolean> flag(String name, boolean fallback, String doc) {
        return new Key<>(name, "boolean", Boolean.toString(fallback), "true or false", false, doc, text -> {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException(text);
            }
            return Boolean.valueOf(text);
        });
    }

    /** One of a few words. */
    public static Key<String> oneOf(String name, String fallback, List<String> words, String doc) {
        return new Key<>(name, "word", fallback, "one of " + String.join(", ", words), false, doc, text -> {
            if (!words.contains(text)) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
    }

    /** A text that a rule accepts. */
    public static Key<String> text(String name, @Nullable String fallback, String allowed, Pattern rule, String doc) {
        return new Key<>(name, "text", fallback, allowed, false, doc, text -> {
            if (!rule.matcher(text).matches()) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
    }

    /** A secret of at least some characters. It has no default. */
    public static Key<String> secret(String name, int leastLength, String doc) {
        return new Key<>(name, "secret", null, "a text of at least " + leastLength + " characters", true, doc, text -> {
            if (text.length() < leastLength) {
                throw new IllegalArgumentException("too short");
            }
            return text;
        });
    }

    /** A set of values separated by commas, each of which a rule accepts. */
    public static Key<Set<String>> set(String name, String fallback, String allowed, Pattern rule, String doc) {
        return new Key<>(name, "list", fallback, allowed, false, doc, text -> {
            Set<String> values = Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty())
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            if (!values.stream().allMatch(value -> rule.matcher(value).matches())) {
                throw new IllegalArgumentException(text);
            }
            return values;
        });
    }

    /** The same key with nothing that holds when it is absent. */
    public Key<T> withoutDefault() {
        return new Key<>(name, type, null, allowed, secret, doc, parser);
    }

    private static long bounded(long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(Long.toString(value));
        }
        return value;
    }

    private static long millis(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            try {
                return Duration.parse(text).toMillis();
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(text, e);
            }
        }
        long unit = switch (String.valueOf(span.group(2)).toLowerCase(Locale.ROOT)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
        return Math.multiplyExact(Long.parseLong(String.valueOf(span.group(1))), unit);
    }

    private static long bytes(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(text);
        }
        String suffix = size.group(2) == null ? "B" : String.valueOf(size.group(2));
        long unit = switch (suffix) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            default -> 1L;
        };
        return Math.multiplyExact(Long.parseLong(String.valueOf(size.group(1))), unit);
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis != 0 && millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        } else if (millis != 0 && millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        } else if (millis != 0 && millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    private static String sizeText(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return bytes / (1L << 30) + "GiB";
        } else if (bytes != 0 && bytes % (1L << 20) == 0) {
            return bytes / (1L << 20) + "MiB";
        }
        return bytes != 0 && bytes % (1L << 10) == 0 ? bytes / (1L << 10) + "KiB" : Long.toString(bytes);
    }
}
