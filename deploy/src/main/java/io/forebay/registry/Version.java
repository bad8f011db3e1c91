package io.forebay.registry;

import java.util.NavigableMap;

/** How a request names a version of a subject. */
sealed interface Version {

    /** Parses a version as it stands in a path: a number from 1 on, {@code latest} or -1. */
    static Version parse(String text) {
        if (text.equals("latest") || text.equals("-1")) {
            return new Latest();
        }
        if (!text.matches("[1-9][0-9]{0,9}") || Long.parseLong(text) > Integer.MAX_VALUE) {
            throw new RegistryException(
                    42202,
                    "The specified version '%s' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\""
                            .formatted(text));
        }
        return new Numbered(Integer.parseInt(text));
    }

    /** Finds it among the versions of a subject, of which there is at least one. */
    Registered of(NavigableMap<Integer, Registered> versions);

    record Latest() implements Version {

        @Override
        public Registered of(NavigableMap<Integer, Registered> versions) {
            return versions.lastEntry().getValue();
        }
    }

    record Numbered(int number) implements Version {

        @Override
        public Registered of(NavigableMap<Integer, Registered> versions) {
            Registered found = versions.get(number);
            if (found == null) {
                throw RegistryException.versionNotFound(number);
            }
            return found;
        }
    }
}
