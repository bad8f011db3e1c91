package io.forebay.sync.definition.state;

/** Keys of the store of definitions. Each starts with a tag. */
final class DefinitionKeys {

    private static final byte WATCHERS = 0x10;
    private static final byte MODEL = 0x11;

    private DefinitionKeys() {}

    static byte[] model() {
        return new byte[] {MODEL};
    }

    static byte[] watchers() {
        return new byte[] {WATCHERS};
    }
}
