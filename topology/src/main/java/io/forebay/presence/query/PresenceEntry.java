package io.forebay.presence.query;

/**
 * One presence of a list.
 *
 * @param guild the guild's id, unsigned
 * @param user the user's id, unsigned
 * @param version its entity tag
 * @param presence UTF-8 JSON as stored
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from the store to the response; nothing compares it
public record PresenceEntry(long guild, long user, long version, byte[] presence) {}
