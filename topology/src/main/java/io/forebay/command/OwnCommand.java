package io.forebay.command;

/**
 * A command that the owner of a partition appends to it.
 *
 * @param key record key
 * @param value in the wire format of the topic
 * @param failed called when it could not be appended, on any thread
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to the producer; nothing compares it
public record OwnCommand(byte[] key, byte[] value, Runnable failed) {}
