package io.forebay.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Sync partitions in memory, fed to the hub's own windows at the test's pace; what a consumer does on a cluster, a loop does here. */
final class SimulatedLog implements SyncLog {

    private final List<SimulatedPartition> partitions;
    private final List<Window> windows = new ArrayList<>();
    private final List<UnitAssembler> assemblers = new ArrayList<>();
    private final List<Runnable> grown = new ArrayList<>();
    private final int[] tailed;
    private int truncatedBefore;

    SimulatedLog(List<SimulatedPartition> partitions, int windowChanges) {
        this.partitions = partitions;
        this.tailed = new int[partitions.size()];
        for (int i = 0; i < partitions.size(); i++) {
            Window window = new Window(1 << 20, windowChanges);
            window.begin(0, false);
            windows.add(window);
            assemblers.add(new UnitAssembler(0, true, window::append));
        }
    }

    /** Lets a partition's window take in at most some more records. */
    void tail(int partition, int most) {
        UnitAssembler assembler = assemblers.get(partition);
        SimulatedPartition log = partitions.get(partition);
        for (int left = most; left > 0 && tailed[partition] < log.committed(); left--) {
            StreamChange change = log.at(tailed[partition]);
            if (change != null) {
                assembler.accept(tailed[partition], change);
            }
            tailed[partition]++;
        }
        assembler.scannedTo(tailed[partition]);
        windows.get(partition).scannedTo(assembler.boundary());
        List.copyOf(grown).forEach(Runnable::run);
    }

    /** Drops what is older than the windows. */
    void truncate() {
        for (Window window : windows) {
            truncatedBefore = (int) Math.max(truncatedBefore, window.mark().start());
        }
    }

    @Override
    public CompletionStage<Tail> follow(Feed feed, int partition, Runnable whenGrown) {
        grown.add(whenGrown);
        return CompletableFuture.completedFuture(new Tail() {
            @Override
            public Window window() {
                return windows.get(partition);
            }

            @Override
            public void release() {
                grown.remove(whenGrown);
            }
        });
    }

    @Override
    public CompletionStage<Long> end(Feed feed, int partition) {
        return CompletableFuture.completedFuture(
                (long) partitions.get(partition).committed());
    }

    @Override
    public CompletionStage<Window.Slice> read(
            Feed feed, int partition, long from, long until, Predicate<StreamChange> selector) {
        if (from < truncatedBefore) {
            return CompletableFuture.failedFuture(new GoneException("truncated"));
        }
        List<Unit> units = new ArrayList<>();
        UnitAssembler assembler = new UnitAssembler(from, true, units::add);
        for (long offset = from; assembler.boundary() == from || (offset < until && units.size() < 3); offset++) {
            StreamChange change = partitions.get(partition).at((int) offset);
            if (change != null) {
                assembler.accept(offset, change);
            }
            assembler.scannedTo(offset + 1);
        }
        return CompletableFuture.completedFuture(new Window.Slice(units, assembler.boundary()));
    }

    @Override
    public CompletionStage<Long> locate(Feed feed, int partition, long unitOffset) {
        return truncatedBefore > 0
                ? CompletableFuture.failedFuture(new GoneException("truncated"))
                : CompletableFuture.completedFuture(0L);
    }
}
