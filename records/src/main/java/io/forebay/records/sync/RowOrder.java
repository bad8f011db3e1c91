package io.forebay.records.sync;

import io.forebay.records.model.ColumnOrder;
import io.forebay.records.model.Ordering;
import io.forebay.records.model.Table;
import io.forebay.records.value.Row;
import java.util.Comparator;

/**
 * The order of rows of one table: the one that is declared, and among rows that it does not tell apart, or when none is declared, by
 * primary key. It is total, so that a list kept up to date and one loaded afresh are in the same order.
 */
record RowOrder(Table table, Ordering declared) implements Comparator<Row> {

    @Override
    public int compare(Row one, Row other) {
        int order = declared.compare(one.columns(), other.columns());
        for (int i = 0; order == 0 && i < table.primaryKey().size(); i++) {
            String column = table.primaryKey().get(i);
            order = ColumnOrder.compare(one.column(column), other.column(column));
        }
        return order;
    }
}
