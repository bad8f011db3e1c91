package io.forebay.cache.loader;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tags of everything that a cache loads: as they are, or with parts of the entry's key, {@code author-{2}}.
 *
 * @param templates one for each tag; {@code {1}} stands for the first part of the key within the cache
 */
public record TagTemplates(List<String> templates) {

    /** What {@link #parse} takes. */
    public static final String RULE = "a list of tags, with {1} to {99} for the parts of the key";

    private static final Pattern PART = Pattern.compile("\\{([1-9][0-9]?)}");
    private static final Pattern TEMPLATE = Pattern.compile("([^{},]|" + PART.pattern() + ")+");

    private static final TagTemplates NONE = new TagTemplates(List.of());

    public TagTemplates {
        templates = List.copyOf(templates);
        if (!templates.stream().allMatch(template -> TEMPLATE.matcher(template).matches())) {
            throw new IllegalArgumentException(RULE);
        }
    }

    /** No tags. */
    public static TagTemplates none() {
        return NONE;
    }

    /**
     * Reads a list, separated by commas.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static TagTemplates parse(String text) {
        return new TagTemplates(
                Arrays.stream(text.split(",", -1)).map(String::strip).toList());
    }

    /** How many parts a key has to have. */
    public int parts() {
        return templates.stream()
                .flatMap(template -> PART.matcher(template).results())
                .mapToInt(part -> Integer.parseInt(part.group(1)))
                .max()
                .orElse(0);
    }

    /** The tags of an entry, by the parts of its key within the cache. */
    public List<String> of(List<String> parts) {
        return templates.stream()
                .map(template -> PART.matcher(template)
                        .replaceAll(part -> Matcher.quoteReplacement(parts.get(Integer.parseInt(part.group(1)) - 1))))
                .toList();
    }
}
