package io.forebay.sync.row;

import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.path.Path;
import org.jspecify.annotations.Nullable;

/** The changes of a transaction, as its place counts them until it has heard of as many as the transaction has rows. */
public final class TransactionParts {

    /** A greater one is told change by change: whoever holds its messages until all are there holds no more than these. */
    private static final int MOST_ROWS = 10_000;

    private TransactionParts() {}

    /** Whether the changes of a transaction are told as a unit. */
    public static boolean areCounted(@Nullable String transaction, @Nullable Integer rows) {
        return transaction != null && !transaction.isEmpty() && rows != null && rows > 0 && rows <= MOST_ROWS;
    }

    /** The place of a transaction. */
    public static Path placeOf(String transaction) {
        return Path.of("", "transaction", transaction);
    }

    /**
     * What a change is known by: its place in the log of its source, where it has one, else its id, else its ref. Whoever gets the
     * change once more finds the same, but for one without any of the first two.
     */
    public static String identity(@Nullable RowSource source, @Nullable String id, int partition, long ref) {
        Path identity;
        if (source != null) {
            identity = Path.of(
                    "source",
                    source.getName(),
                    Long.toString(source.getPosition()),
                    Integer.toString(source.getIndex()));
        } else if (id != null) {
            identity = Path.of("id", id);
        } else {
            identity = Path.of("ref", Integer.toString(partition), Long.toString(ref));
        }
        return identity.toString();
    }
}
