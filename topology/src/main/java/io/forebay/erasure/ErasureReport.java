package io.forebay.erasure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an erasure did and what is left. Holds keys and matches as they were given, and nothing of a value.
 *
 * @param deleted what was asked for, in that order
 * @param remaining what is left, by topic
 * @param compacted whether no copy of a value is left in the changelog
 */
public record ErasureReport(List<Deleted> deleted, List<Remaining> remaining, boolean compacted) {

    public ErasureReport {
        deleted = List.copyOf(deleted);
        remaining = List.copyOf(remaining);
    }

    /**
     * One thing that was asked for.
     *
     * @param text the key or match, namespace included
     * @param match whether it is a match
     * @param count how many keys were there
     */
    public record Deleted(String text, boolean match, long count) {

        /** Whether it is a key that was not there. */
        public boolean isMissing() {
            return !match && count == 0;
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

    /** Whether every key was there and the changelog is free of them. */
    public boolean isComplete() {
        return compacted && deleted.stream().noneMatch(Deleted::isMissing);
    }

    /** The report for people, a line each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        deleted.forEach(one -> lines.add(one.toString()));
        remaining.forEach(one -> lines.add(one.toString()));
        return lines;
    }
}
