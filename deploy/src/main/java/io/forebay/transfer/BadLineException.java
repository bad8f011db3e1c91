package io.forebay.transfer;

/** A line that cannot be imported. It has no stack trace, since it is what the file's owner is to be told. */
final class BadLineException extends Exception {

    private static final long serialVersionUID = 1L;

    private final long line;

    /**
     * A line.
     *
     * @param line its number, from 1
     * @param what is wrong with it, as what follows its number
     */
    BadLineException(long line, String what) {
        super("line " + line + " " + what, null, false, false);
        this.line = line;
    }

    long line() {
        return line;
    }
}
