package io.forebay.records.watch;

import java.util.Locale;
import java.util.Optional;

/** What happens to a row. */
public enum RowEvent {
    INSERTED,
    UPDATED,
    DELETED;

    /** As it is written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is written so. */
    public static Optional<RowEvent> of(String text) {
        for (RowEvent event : values()) {
            if (event.text().equals(text)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }
}
