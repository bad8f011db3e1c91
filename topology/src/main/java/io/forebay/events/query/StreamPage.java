package io.forebay.events.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of a stream.
 *
 * @param events as the log has them
 * @param version of the stream's last event; 0 if it has none
 * @param next the version at which the next page begins; null when there is nothing more
 * @param entriesRead entries of the log that were read for it
 */
public record StreamPage(
        List<byte[]> events, long version, @Nullable Long next, long entriesRead) {}
