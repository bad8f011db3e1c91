package io.forebay.transfer;

import java.io.InputStream;

/** Standard input: an import that is cut off begins with its first line again, which does no harm. */
final class ImportStream implements ImportSource {

    private final InputStream in;
    private final String kind;

    ImportStream(InputStream in, String kind) {
        this.in = in;
        this.kind = kind;
    }

    @Override
    public ImportProgress begun() {
        return ImportProgress.none(kind);
    }

    @Override
    public EventLines lines() {
        return new EventLines(in, 0, 0, EventImport.LINE_BYTES);
    }

    @Override
    public void reached(ImportProgress progress) {
        // There is no place to go back to.
    }

    @Override
    public void complete() {
        // Nothing is kept.
    }

    @Override
    public double part(long end) {
        return -1;
    }

    @Override
    public String name() {
        return "standard input";
    }

    @Override
    public String advice() {
        return "";
    }

    @Override
    public void close() {
        // It is not this import's to close.
    }
}
