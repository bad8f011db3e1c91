package io.forebay.presence.query;

import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link GetPresence}.
 *
 * @param presence UTF-8 JSON as stored; null when there is none
 * @param version source offset of the command that gave it its value: its entity tag; -1 when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from the store to the response; nothing compares it
public record PresenceFound(byte @Nullable [] presence, long version) {

    static final PresenceFound NONE = new PresenceFound(null, -1);
}
