package io.forebay.sync.association;

import io.forebay.sync.association.state.Interest;
import java.util.ArrayList;
import java.util.List;

/** Splits interests so that each chunk goes into one record. */
final class Chunks {

    private static final int BYTES_PER_CHARACTER = 3;
    private static final int BYTES_BESIDES = 24;

    private Chunks() {}

    /** Those of one subscriber that are next to each other stay together. */
    static List<List<Interest>> of(List<Interest> interests, int mostSubscribers, int mostBytes) {
        List<List<Interest>> chunks = new ArrayList<>();
        int start = 0;
        int subscribers = 0;
        int bytes = 0;
        for (int i = 0; i < interests.size(); i++) {
            Interest interest = interests.get(i);
            boolean isNext = i == start || !interests.get(i - 1).subscriber().equals(interest.subscriber());
            if (isNext && i > start && (subscribers == mostSubscribers || bytes >= mostBytes)) {
                chunks.add(interests.subList(start, i));
                start = i;
                subscribers = 0;
                bytes = 0;
            }
            subscribers += isNext ? 1 : 0;
            bytes += BYTES_PER_CHARACTER * interest.subscriber().length()
                    + interest.place().length()
                    + BYTES_BESIDES;
        }
        if (start < interests.size()) {
            chunks.add(interests.subList(start, interests.size()));
        }
        return chunks;
    }
}
