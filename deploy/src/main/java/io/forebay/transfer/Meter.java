package io.forebay.transfer;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how far a transfer is: on a terminal in one line that changes, elsewhere by a line every ten seconds. What is soon over is
 * told nothing of.
 */
public final class Meter {

    private static final long ON_TERMINAL = Duration.ofMillis(200).toNanos();
    private static final long ELSEWHERE = Duration.ofSeconds(10).toNanos();
    private static final double NANOS = 1e9;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanos;
    private long startedAt;
    private long startCount;
    private long toldAt;
    private double startPart;
    private boolean shown;

    /**
     * A meter.
     *
     * @param err where it tells
     * @param terminal whether that is one
     * @param nanos the time, as {@link System#nanoTime} gives it
     */
    public Meter(PrintWriter err, boolean terminal, LongSupplier nanos) {
        this.err = err;
        this.terminal = terminal;
        this.nanos = nanos;
    }

    /** Begins, with so many events and such a part of everything done before. */
    void start(long count, double part) {
        startedAt = nanos.getAsLong();
        toldAt = startedAt;
        startCount = count;
        startPart = part;
    }

    /** So many events are done, of so many. */
    void atOf(long count, long total) {
        at(count, String.format(Locale.ROOT, "%,d of %,d events", count, total), (double) count / total);
    }

    /** So many events are done; {@code part} of everything, from 0 to 1, or -1 where that is not known. */
    void atPart(long count, double part) {
        at(count, String.format(Locale.ROOT, "%,d events", count), part);
    }

    private void at(long count, String what, double part) {
        long now = nanos.getAsLong();
        if (now - toldAt < (terminal ? ON_TERMINAL : ELSEWHERE)) {
            return;
        }
        toldAt = now;
        double seconds = (now - startedAt) / NANOS;
        StringBuilder line = new StringBuilder(what);
        if (part >= 0) {
            line.append(String.format(Locale.ROOT, ", %.0f %%", 100 * part));
        }
        line.append(String.format(Locale.ROOT, ", %,.0f/s", (count - startCount) / seconds));
        if (part > startPart) {
            line.append(", ")
                    .append(duration(seconds * (1 - part) / (part - startPart)))
                    .append(" left");
        }
        show(line.toString());
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                        : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
    }

    private void show(String line) {
        if (terminal) {
            err.print(CLEAR + line);
            shown = true;
        } else {
            err.println("forebay: " + line);
        }
        err.flush();
    }

    /** Says something that stays. */
    public void note(String text) {
        end();
        err.println("forebay: " + text);
        err.flush();
    }

    /** Takes the line away, if there is one. */
    void end() {
        if (shown) {
            err.print(CLEAR);
            err.flush();
            shown = false;
        }
    }
}
