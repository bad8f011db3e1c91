package io.forebay.schemas.path;

import com.google.common.base.Utf8;
import io.forebay.schemas.path.PathSyntaxException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Percent-encoding of one part after RFC 3986, section 2. Exactly one encoding of a part is accepted (unreserved
 * characters as they are, everything else as {@code %XX} of its UTF-8 bytes in upper-case hex), because two spellings of
 * one key would be two record keys, possibly on two partitions.
 */
final class PercentEncoding {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final BitSet UNRESERVED = new BitSet(128);

    static {
        UNRESERVED.set('A', 'Z' + 1);
        UNRESERVED.set('a', 'z' + 1);
        UNRESERVED.set('0', '9' + 1);
        UNRESERVED.set('-');
        UNRESERVED.set('.');
        UNRESERVED.set('_');
        UNRESERVED.set('~');
    }

    private PercentEncoding() {}

    /** Appends the encoding of a part. */
    static void encode(String part, StringBuilder to) {
        if (isUnreserved(part)) {
            to.append(part);
            return;
        }
        requireEncodable(part);
        for (byte signed : part.getBytes(StandardCharsets.UTF_8)) {
            int b = signed & 0xFF;
            if (UNRESERVED.get(b)) {
                to.append((char) b);
            } else {
                to.append('%').append(HEX[b >> 4]).append(HEX[b & 0xF]);
            }
        }
    }

    /** Decodes the segment of a canonical path between two indexes. */
    static String decode(String text, int from, int to) {
        int firstEscape = text.indexOf('%', from);
        if (firstEscape < 0 || firstEscape >= to) {
            for (int i = from; i < to; i++) {
                requireUnreserved(text.charAt(i));
            }
            return text.substring(from, to);
        }
        byte[] bytes = new byte[to - from];
        int length = 0;
        int at = from;
        while (at < to) {
            char c = text.charAt(at);
            if (c == '%') {
                bytes[length] = decodeEscape(text, at, to);
                at += 3;
            } else {
                requireUnreserved(c);
                bytes[length] = (byte) c;
                at++;
            }
            length++;
        }
        return text(bytes, length);
    }

    private static byte decodeEscape(String text, int at, int to) {
        if (at + 2 >= to) {
            throw new PathSyntaxException(Reason.INCOMPLETE_ENCODING);
        }
        int b = hexDigit(text.charAt(at + 1)) << 4 | hexDigit(text.charAt(at + 2));
        if (UNRESERVED.get(b)) {
            throw new PathSyntaxException(Reason.NEEDLESS_ENCODING);
        }
        return (byte) b;
    }

    /** Refuses a part that has no UTF-8 form. */
    static void requireEncodable(String part) {
        if (!hasUtf8Form(part)) {
            throw new PathSyntaxException(Reason.LONE_SURROGATE);
        }
    }

    private static boolean hasUtf8Form(CharSequence text) {
        try {
            return Utf8.encodedLength(text) >= text.length();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Decodes UTF-8 strictly: overlong forms, surrogates and stray bytes are refused. */
    static String text(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PathSyntaxException(Reason.INVALID_UTF8);
        }
    }

    private static boolean isUnreserved(String part) {
        for (int i = 0; i < part.length(); i++) {
            if (!UNRESERVED.get(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static void requireUnreserved(char c) {
        if (!UNRESERVED.get(c)) {
            throw new PathSyntaxException(Reason.UNENCODED);
        }
    }

    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'A' && c <= 'F') {
            return c - 'A' + 10;
        }
        if (c >= 'a' && c <= 'f') {
            throw new PathSyntaxException(Reason.LOWER_CASE_HEX);
        }
        throw new PathSyntaxException(Reason.INCOMPLETE_ENCODING);
    }
}
