package io.forebay.sync.definition.state;

import io.forebay.store.StoreView;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The watchers as they were defined last.
 *
 * @param version greater than that of every definition before
 * @param list the text of a JSON array of watchers
 */
public record DefinedWatchers(long version, String list) {

    private static final byte FORMAT = 1;

    /** Key of the definition in the store. */
    public static byte[] key() {
        return DefinitionKeys.watchers();
    }

    /** The form in which it is stored. */
    public byte[] encode() {
        byte[] text = list.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Long.BYTES + text.length)
                .put(FORMAT)
                .putLong(version)
                .put(text)
                .array();
    }

    /** What is defined; null where nothing is. */
    public static @Nullable DefinedWatchers of(StoreView view) {
        Stored stored = view.get(key());
        return stored == null ? null : decode(stored.payload());
    }

    private static DefinedWatchers decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        byte format = buffer.get();
        if (format != FORMAT) {
            throw new IllegalStateException("definition format " + format + " is newer than this version");
        }
        long version = buffer.getLong();
        byte[] text = new byte[buffer.remaining()];
        buffer.get(text);
        return new DefinedWatchers(version, new String(text, StandardCharsets.UTF_8));
    }
}
