package io.forebay.command;

import java.util.regex.Pattern;

/** Media types that commands carry, to be given back in a header some day. */
public final class MediaType {

    /** The rule in words. */
    public static final String RULE = "a media type of at most 255 printable ASCII characters";

    private static final Pattern FORM = Pattern.compile("[!-~][ -~]{0,254}");

    private MediaType() {}

    /** Whether a header can carry it. */
    public static boolean isValid(String mediaType) {
        return FORM.matcher(mediaType).matches();
    }
}
