package io.forebay.it.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a run was asked for, as {@code name=value}. */
final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    Arguments(String[] arguments) {
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException(argument + " is not name=value");
            }
            values.put(parts[0], parts[1]);
        }
    }

    long number(String name, long fallback) {
        String value = values.get(name);
        return value == null ? fallback : Long.parseLong(value);
    }

    boolean wants(String part) {
        return ("," + values.getOrDefault("parts", "presence,keys,events,sync") + ",").contains("," + part + ",");
    }

    Path out() {
        return Path.of(values.getOrDefault("out", "integration-tests/target/benchmark.json"));
    }
}
