package io.forebay.transfer;

/** Where imported events come from, line by line. */
interface ImportSource extends AutoCloseable {

    /** How far an earlier import of the same kind got, which this one goes on with. */
    ImportProgress begun();

    /** The lines behind that. */
    EventLines lines();

    /** So far everything is imported. */
    void reached(ImportProgress progress);

    /** Everything is imported. */
    void complete();

    /** How much of everything is before a place, from 0 to 1; -1 where that is not known. */
    double part(long end);

    /** What it is, for messages. */
    String name();

    /** What whoever was cut off can do, for messages. */
    String advice();

    @Override
    void close();
}
