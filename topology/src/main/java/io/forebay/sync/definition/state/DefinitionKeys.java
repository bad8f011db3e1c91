package io.forebay.sync.definition.state;

/** Keys of the store of definitions. Each starts with a tag. */
public final class DefinitionKeys {

    /** How many commands went to each partition of subscribers. */
    public static final SentNumbers SENT = new SentNumbers((byte) 0x11);

    private static final byte WATCHERS = 0x10;

    private DefinitionKeys() {}

    static byte[] watchers() {
        return new byte[] {WATCHERS};
    }
}
