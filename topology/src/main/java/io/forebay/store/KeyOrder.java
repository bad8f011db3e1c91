package io.forebay.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bounds in the order of keys, which is that of their unsigned bytes. */
public final class KeyOrder {
    private KeyOrder() {}

    /**
     * The end of the range of keys that start with a prefix.
     *
     * @param prefix the prefix, possibly empty
     * @return the least key after all of them, or null if there is none
     */
    public static byte @Nullable [] after(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xff) {
                byte[] end = Arrays.copyOf(prefix, last + 1);
                end[last]++;
                return end;
            }
        }
        return null;
    }
}
