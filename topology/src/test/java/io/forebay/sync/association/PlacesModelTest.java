package io.forebay.sync.association;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Changes, interests and truncations in any order over several partitions that get on at different speeds, with limits so low that
 * most of what can be put off is: each change reaches each subscriber whose interest was there when it met its place, once, and a
 * record's changes in their order; what an interest is told first and later is what is at its place; a transaction ends behind its
 * changes; and nothing is left when all is quiet.
 */
class PlacesModelTest {

    private static final int SEEDS = Integer.getInteger("places.seeds", 150);
    private static final int STEPS = 400;

    static List<Long> seeds() {
        return new Random().longs(SEEDS).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everybodyIsToldWhatConcernsHim(long seed) {
        PlacesWorld world = new PlacesWorld(seed);

        world.run(STEPS);

        world.checkChanges();
        world.checkTruncations();
        world.checkSnapshots();
        world.checkTransactions();
        world.checkNothingWaits();
    }
}
