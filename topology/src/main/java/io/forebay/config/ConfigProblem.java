package io.forebay.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key the key at fault
 * @param value what it was set to; masked when it is a secret
 * @param allowed what it may be
 */
public record ConfigProblem(String key, String value, String allowed) {

    @Override
    public String toString() {
        return key + " = " + value + ": allowed: " + allowed;
    }
}
