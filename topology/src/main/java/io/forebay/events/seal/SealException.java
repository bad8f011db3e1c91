package io.forebay.events.seal;

/**
 * A sealed event that can neither be opened nor is erased: it has no key, or not the one that it was sealed with. The stores
 * of one owner never come to this; those of two, of which one was deposed and does not know it yet, may for a moment.
 */
public final class SealException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SealException(String message) {
        super(message);
    }
}
