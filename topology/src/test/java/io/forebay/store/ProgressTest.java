package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.Progress.Point;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final Progress progress = new Progress(Point.NONE);

    @Test
    void whoeverWaitsIsToldWhenThePositionIsReached() {
        CompletableFuture<?> reached = progress.whenReached(7).toCompletableFuture();

        progress.advance(new Point(7, 1));

        assertThat(reached).isCompleted();
        assertThat(progress.waiting()).isZero();
    }

    @Test
    void whoeverNoLongerWaitsIsForgotten() {
        CompletableFuture<?> never = progress.whenReached(Long.MAX_VALUE).toCompletableFuture();

        never.cancel(false);

        assertThat(progress.waiting()).isZero();
    }
}
