package io.forebay.sync.rule;

import java.util.Locale;

/** Why a row would be told: {@code event} in a rule. */
public enum Occasion {
    INSERTED,
    UPDATED,
    DELETED,

    /** It is there, and is read: a first load, a preload, a value that is kept up to date. */
    SNAPSHOT;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As rules have it. */
    public String text() {
        return text;
    }
}
