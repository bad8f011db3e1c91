package io.forebay.transfer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where exported events go, page by page. */
interface ExportTarget extends AutoCloseable {

    /** How far an earlier export got, which this one goes on with; null for one that begins. */
    @Nullable
    ExportProgress begun();

    /** The last event that the earlier export wrote; null where it wrote none. */
    byte @Nullable [] last();

    /**
     * Adds events.
     *
     * @param events each on one line
     * @param reached how far that goes, its bytes aside
     */
    void write(List<byte[]> events, ExportProgress reached);

    /** Everything is written. */
    void complete();

    /** What it is, for messages. */
    String name();

    /** What whoever was cut off can do, for messages. */
    String advice();

    @Override
    void close();
}
