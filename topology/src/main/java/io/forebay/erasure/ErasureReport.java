package io.forebay.erasure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an erasure did and what is left. Holds names as they were given, and nothing of a value.
 *
 * @param results what became of what was asked for, in that order
 * @param remaining what is left, by topic
 * @param compacted whether no copy of what was erased is left in the changelog
 */
public record ErasureReport(List<? extends Result> results, List<Remaining> remaining, boolean compacted) {

    public ErasureReport {
        results = List.copyOf(results);
        remaining = List.copyOf(remaining);
    }

    /** What became of one thing that was asked for, with a line for people. */
    public sealed interface Result permits Deleted, Erased {

        /** Whether it was there and all of it is gone. */
        boolean isDone();
    }

    /**
     * Keys that were to be deleted.
     *
     * @param text the key or match, namespace included
     * @param match whether it is a match
     * @param count how many keys were there
     */
    public record Deleted(String text, boolean match, long count) implements Result {

        @Override
        public boolean isDone() {
            return match || count > 0;
        }

        @Override
        public String toString() {
            if (match) {
                return text + ": " + count + (count == 1 ? " key deleted" : " keys deleted");
            }
            return text + (count == 0 ? ": not there" : ": deleted");
        }
    }

    /**
     * An instance whose events were to be erased.
     *
     * @param stream its domain and instance, as a path
     * @param events that it has
     * @param erased those of them that nobody can read any more
     */
    public record Erased(String stream, long events, long erased) implements Result {

        @Override
        public boolean isDone() {
            return events > 0 && erased == events;
        }

        @Override
        public String toString() {
            if (events == 0) {
                return stream + ": no events";
            }
            long inClear = events - erased;
            return stream + ": " + erased + (erased == 1 ? " event erased" : " events erased")
                    + (inClear == 0 ? "" : ", " + inClear + " in clear, which no erasure takes");
        }
    }

    /**
     * What one topic still holds.
     *
     * @param topic the topic
     * @param what which copies
     * @param until when they are gone at the latest; null: nothing bounds it, or nothing is left
     */
    public record Remaining(
            String topic, String what, @Nullable Instant until) {

        @Override
        public String toString() {
            return topic + ": " + what + (until == null ? "" : ", gone by " + until);
        }
    }

    /** Whether everything was there and is gone, and the changelog is free of it. */
    public boolean isComplete() {
        return compacted && results.stream().allMatch(Result::isDone);
    }

    /** The report for people, a line each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        results.forEach(one -> lines.add(one.toString()));
        remaining.forEach(one -> lines.add(one.toString()));
        return lines;
    }
}
