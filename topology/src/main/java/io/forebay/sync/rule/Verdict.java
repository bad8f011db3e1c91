package io.forebay.sync.rule;

/** What a rule says of a row. */
enum Verdict {
    ALLOWED,
    DENIED,

    /** It could not be evaluated, came to no boolean, or took too much work: as good as denied. */
    FAILED
}
