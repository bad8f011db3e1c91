package io.forebay.records.watch;

/** By what a watcher is known. */
public sealed interface WatcherName {

    /** A watcher without a label. */
    record OfTable(String table, RowEvent event) implements WatcherName {

        @Override
        public String toString() {
            return table + " " + event.text();
        }
    }

    /** A watcher with one. */
    record OfLabel(String label) implements WatcherName {

        @Override
        public String toString() {
            return label;
        }
    }
}
