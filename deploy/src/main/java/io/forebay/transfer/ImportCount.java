package io.forebay.transfer;

/**
 * What became of the events of a file.
 *
 * @param recorded by this import
 * @param present recorded before
 * @param leftOut because another event has their id
 */
public record ImportCount(long recorded, long present, long leftOut) {

    static final ImportCount NONE = new ImportCount(0, 0, 0);

    ImportCount plus(long moreRecorded, long morePresent, long moreLeftOut) {
        return new ImportCount(recorded + moreRecorded, present + morePresent, leftOut + moreLeftOut);
    }

    /** All events. */
    public long all() {
        return recorded + present + leftOut;
    }
}
