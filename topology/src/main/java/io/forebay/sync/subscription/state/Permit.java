package io.forebay.sync.subscription.state;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription may get, as it was given. Subscriptions of one subscriber with the same permit are followed as one.
 *
 * @param rule the rule of the subscription; null where it has none
 * @param columns the columns that it names, by table: the text of a JSON object; null: all
 * @param claims what is known of the subscriber: the text of a JSON object; null: nothing
 */
public record Permit(
        @Nullable String rule,
        @Nullable String columns,
        @Nullable String claims) {

    /** Names nothing. */
    public static final Permit NONE = new Permit(null, null, null);

    private static final int ID_BYTES = 12;

    /** Its id: the same for the same permit, whoever has it; empty for the one that names nothing. */
    public String id() {
        if (rule == null && columns == null && claims == null) {
            return "";
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(encode(0));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, ID_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] encode(int subscriptions) {
        return new CellWriter()
                .number(subscriptions)
                .optional(rule)
                .optional(columns)
                .optional(claims)
                .toBytes();
    }

    static int subscriptions(byte[] encoded) {
        return (int) new CellReader(encoded).number();
    }

    static Permit decode(byte[] encoded) {
        CellReader from = new CellReader(encoded);
        from.number();
        return new Permit(from.optional(), from.optional(), from.optional());
    }
}
