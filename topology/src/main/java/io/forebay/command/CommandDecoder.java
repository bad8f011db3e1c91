package io.forebay.command;

/**
 * Turns the bytes of an input record into a command.
 *
 * @param <C> the decoded command
 */
@FunctionalInterface
public interface CommandDecoder<C> {

    /**
     * Decodes a value.
     *
     * @throws io.forebay.schemas.serde.DecodeException with the reason; a retryable one (the registry does not answer) leaves the record waiting
     *     in its place, any other makes it a dead letter
     */
    C decode(byte[] value);
}
