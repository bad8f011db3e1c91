package io.forebay.postgres;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The plural and the singular of names whose last word is an English noun, by rule of thumb: tables are named either way, and
 * an association is named for how many it has. A name that it gets wrong can be changed in the file.
 */
final class EnglishNoun {

    private static final Map<String, String> PLURALS = Map.ofEntries(
            Map.entry("person", "people"),
            Map.entry("child", "children"),
            Map.entry("man", "men"),
            Map.entry("woman", "women"),
            Map.entry("foot", "feet"),
            Map.entry("tooth", "teeth"),
            Map.entry("mouse", "mice"),
            Map.entry("movie", "movies"),
            Map.entry("cookie", "cookies"),
            Map.entry("cache", "caches"),
            Map.entry("shelf", "shelves"),
            Map.entry("leaf", "leaves"),
            Map.entry("life", "lives"),
            Map.entry("index", "indexes"),
            Map.entry("bus", "buses"),
            Map.entry("status", "statuses"));

    private static final Set<String> EITHER =
            Set.of("data", "metadata", "media", "news", "series", "species", "staff", "equipment", "information");

    private static final Pattern LAST_WORD = Pattern.compile("^(.*?)(\\p{Lu}?\\p{Ll}+|\\p{Lu}+)$");

    private EnglishNoun() {}

    /** Several of them; a name that is a plural already stays as it is. */
    static String plural(String name) {
        return ofLastWord(name, EnglishNoun::pluralOfWord);
    }

    /** One of them; a name that is a singular already stays as it is. */
    static String singular(String name) {
        return ofLastWord(name, EnglishNoun::singularOfWord);
    }

    private static String ofLastWord(String name, UnaryOperator<String> form) {
        Matcher parts = LAST_WORD.matcher(name);
        if (!parts.matches()) {
            return name;
        }
        String word = parts.group(2);
        String lower = word.toLowerCase(Locale.ROOT);
        String formed = form.apply(lower);
        if (formed.equals(lower)) {
            return name;
        }
        boolean capitals = word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
        boolean capital = Character.isUpperCase(word.charAt(0));
        return parts.group(1)
                + (capitals
                        ? formed.toUpperCase(Locale.ROOT)
                        : capital ? formed.substring(0, 1).toUpperCase(Locale.ROOT) + formed.substring(1) : formed);
    }

    private static String pluralOfWord(String word) {
        String known = PLURALS.get(word);
        if (known != null) {
            return known;
        }
        if (EITHER.contains(word)
                || PLURALS.containsValue(word)
                || !singularOfWord(word).equals(word)) {
            return word;
        }
        int length = word.length();
        if (word.endsWith("is") && length > 3) {
            return word.substring(0, length - 2) + "es";
        }
        if (endsWith(word, "s", "x", "z", "ch", "sh")) {
            return word + "es";
        }
        if (word.endsWith("y") && length > 1 && "aeiou".indexOf(word.charAt(length - 2)) < 0) {
            return word.substring(0, length - 1) + "ies";
        }
        return word + "s";
    }

    private static String singularOfWord(String word) {
        for (Map.Entry<String, String> known : PLURALS.entrySet()) {
            if (known.getValue().equals(word)) {
                return known.getKey();
            }
        }
        if (EITHER.contains(word) || PLURALS.containsKey(word) || word.length() < 3) {
            return word;
        }
        if (word.endsWith("ies") && word.length() > 4) {
            return word.substring(0, word.length() - 3) + "y";
        }
        if (endsWith(word, "sses", "shes", "ches", "xes", "zzes")
                || (word.endsWith("uses") && !endsWith(word, "ouses", "auses"))) {
            return word.substring(0, word.length() - 2);
        }
        if (word.endsWith("s") && !endsWith(word, "ss", "us", "is")) {
            return word.substring(0, word.length() - 1);
        }
        return word;
    }

    private static boolean endsWith(String word, String... endings) {
        for (String ending : endings) {
            if (word.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }
}
