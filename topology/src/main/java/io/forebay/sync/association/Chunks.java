package io.forebay.sync.association;

import io.forebay.sync.association.state.Interest;
import java.util.ArrayList;
import java.util.List;

/** Splits interests so that each chunk goes into one record. */
final class Chunks {

    private static final int BYTES_PER_CHARACTER = 3;
    private static final int BYTES_BESIDES = 24;

    private Chunks() {}

    /** Those of one subscriber that are next to each other stay together, even where they are more than a chunk may have. */
    static List<List<Interest>> of(List<Interest> interests, int mostSubscribers, int mostBytes) {
        List<List<Interest>> chunks = new ArrayList<>();
        int start = 0;
        int subscribers = 0;
        int bytes = 0;
        int next = 0;
        while (next < interests.size()) {
            int end = endOfSubscriber(interests, next);
            int size = bytes(interests.subList(next, end));
            if (subscribers > 0 && (subscribers == mostSubscribers || bytes + size > mostBytes)) {
                chunks.add(interests.subList(start, next));
                start = next;
                subscribers = 0;
                bytes = 0;
            }
            subscribers++;
            bytes += size;
            next = end;
        }
        if (start < next) {
            chunks.add(interests.subList(start, next));
        }
        return chunks;
    }

    private static int endOfSubscriber(List<Interest> interests, int start) {
        String subscriber = interests.get(start).subscriber();
        int end = start + 1;
        while (end < interests.size() && interests.get(end).subscriber().equals(subscriber)) {
            end++;
        }
        return end;
    }

    private static int bytes(List<Interest> interests) {
        int bytes = 0;
        for (Interest interest : interests) {
            bytes += BYTES_PER_CHARACTER * interest.subscriber().length()
                    + interest.place().length()
                    + BYTES_BESIDES;
        }
        return bytes;
    }
}
