package io.forebay.events.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of events.
 *
 * @param events as the log has them
 * @param next the number, or the version, after which the next page begins; null when there is nothing more
 * @param total how many there are; null where it was not asked for
 * @param entriesRead entries of the log and its indexes that were read for it
 */
public record EventPage(
        List<byte[]> events, @Nullable Long next, @Nullable Long total, long entriesRead) {}
