package io.forebay.sync.association.state;

import io.forebay.schemas.avro.RoutedChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.sync.row.LogPlace;
import io.forebay.sync.row.TransactionParts;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way to whom it concerns.
 *
 * @param partition of row changes that it comes from
 * @param ref its offset there
 * @param op what happened to the row
 * @param record the canonical path of the record, or of the table that was truncated
 * @param oldRow the row before, as far as it is known
 * @param newRow the row after
 * @param transaction id of its transaction; null where it is not known
 * @param transactionRows how many rows that has; 0 where it is not told as a unit
 * @param part what its transaction knows it by; null where that is not told as a unit
 * @param id its id; null where it has none
 * @param by who made it; null where that is not known
 * @param place where it stands in the log of its source; null where that is not known
 */
public record ToldChange(
        int partition,
        long ref,
        RowOperation op,
        String record,
        @Nullable String oldRow,
        @Nullable String newRow,
        @Nullable String transaction,
        int transactionRows,
        @Nullable String part,
        @Nullable String id,
        @Nullable String by,
        @Nullable LogPlace place) {

    private static final byte FORMAT = 1;

    /** The change that came to its record's place. */
    public static ToldChange of(RoutedChange change) {
        Integer rows = change.getTransactionRows();
        boolean isCounted =
                change.getOp() != RowOperation.truncated && TransactionParts.areCounted(change.getTransaction(), rows);
        return new ToldChange(
                change.getPartition(),
                change.getRef(),
                change.getOp(),
                change.getRecord(),
                change.getOldRow(),
                change.getNewRow(),
                change.getTransaction(),
                isCounted && rows != null ? rows : 0,
                isCounted
                        ? TransactionParts.identity(
                                change.getSource(), change.getId(), change.getPartition(), change.getRef())
                        : null,
                change.getId(),
                change.getBy(),
                LogPlace.of(change.getSource()));
    }

    ToldChange withOldRow(@Nullable String row) {
        return new ToldChange(
                partition, ref, op, record, row, newRow, transaction, transactionRows, part, id, by, place);
    }

    byte[] encode() {
        FieldsOut out = new FieldsOut().putByte(FORMAT);
        put(out);
        return out.toBytes();
    }

    void put(FieldsOut out) {
        out.putInt(partition)
                .putLong(ref)
                .putText(op.name())
                .putText(record)
                .putText(oldRow)
                .putText(newRow)
                .putText(transaction)
                .putInt(transactionRows)
                .putText(part)
                .putText(id)
                .putText(by)
                .putText(place == null ? null : place.source())
                .putLong(place == null ? 0 : place.position())
                .putInt(place == null ? 0 : place.index());
    }

    static ToldChange decode(byte[] encoded) {
        return take(FieldsIn.of(encoded, FORMAT));
    }

    static ToldChange take(FieldsIn in) {
        return new ToldChange(
                in.takeInt(),
                in.takeLong(),
                RowOperation.valueOf(in.takeText()),
                in.takeText(),
                in.findText(),
                in.findText(),
                in.findText(),
                in.takeInt(),
                in.findText(),
                in.findText(),
                in.findText(),
                place(in));
    }

    private static @Nullable LogPlace place(FieldsIn in) {
        String source = in.findText();
        long position = in.takeLong();
        int index = in.takeInt();
        return source == null ? null : new LogPlace(source, position, index);
    }
}
