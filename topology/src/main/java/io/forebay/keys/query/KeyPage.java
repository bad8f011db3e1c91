package io.forebay.keys.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list of keys, in path order.
 *
 * @param entries the keys
 * @param scannedTo path up to which the partition was gone through; null when that is its end
 */
public record KeyPage(List<KeyEntry> entries, @Nullable String scannedTo) {}
