package io.forebay.presence.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list of presences, in the order of guild and user as numbers.
 *
 * @param entries the presences
 * @param scannedTo address up to which the partition was gone through; null when that is its end
 */
@SuppressWarnings("ArrayRecordComponent") // a cursor on its way to the next query; nothing compares it
public record PresencePage(List<PresenceEntry> entries, byte @Nullable [] scannedTo) {}
