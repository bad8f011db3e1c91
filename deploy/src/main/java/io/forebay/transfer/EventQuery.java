package io.forebay.transfer;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events are meant; what is null is any.
 *
 * @param type exactly
 * @param domain exactly
 * @param instance exactly
 * @param from appended at or after, as HTTP takes a time
 * @param to appended before, as HTTP takes a time
 */
public record EventQuery(
        @Nullable String type,
        @Nullable String domain,
        @Nullable String instance,
        @Nullable String from,
        @Nullable String to) {

    /** As the parameters of a list. Two queries are the same if these are. */
    String parameters() {
        List<String> given = new ArrayList<>();
        add(given, "type", type);
        add(given, "domain", domain);
        add(given, "instance_id", instance);
        add(given, "from", from);
        add(given, "to", to);
        return String.join("&", given);
    }

    private static void add(List<String> given, String name, @Nullable String value) {
        if (value != null) {
            given.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
