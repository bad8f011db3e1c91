package io.forebay.sync.rule;

/** A text that is no rule. */
public final class RuleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;
    private final String reason;

    RuleException(int line, int column, String reason) {
        super(line > 0 ? "line " + line + ", column " + column + ": " + reason : reason, null, false, false);
        this.line = line;
        this.column = column;
        this.reason = reason;
    }

    /** What is wrong as a whole, at no place of its own. */
    RuleException(String reason) {
        this(0, 0, reason);
    }

    /** The line where it is wrong, counted from 1; 0 where it is wrong as a whole. */
    public int line() {
        return line;
    }

    /** The column where it is wrong, counted from 1; 0 where it is wrong as a whole. */
    public int column() {
        return column;
    }

    /** What is wrong, without the place. */
    public String reason() {
        return reason;
    }
}
