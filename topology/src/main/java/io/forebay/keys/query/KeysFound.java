package io.forebay.keys.query;

import java.util.List;

/**
 * Answer to {@link GetKeys}.
 *
 * @param found one answer for each key asked for, in that order; at least one, and maybe not for the last ones
 */
public record KeysFound(List<KeyFound> found) {}
