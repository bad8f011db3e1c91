package io.forebay.store;

import static io.forebay.store.StoreFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a store's position moves, and who learns of it. */
class PositionTest {
    @TempDir
    private Path directory;

    private StoreFixture fixture;

    @BeforeEach
    void open() {
        fixture = StoreFixture.in(directory).open();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void movesWithAWriteSet() {
        fixture.write(5, "a", "red");

        assertThat(fixture.handle().position()).isEqualTo(5);
        assertThat(fixture.handle().logTime()).isEqualTo(NOW + 5);
    }

    @Test
    void movesOverInputThatWroteNothing() {
        fixture.writer().begin(6, NOW + 6).commit();

        assertThat(fixture.contents().position()).isEqualTo(6);
        assertThat(fixture.changelog).isEmpty();
    }

    @Test
    void neverGoesBack() {
        fixture.write(5, "a", "red");
        fixture.write(3, "a", "blue");

        assertThat(fixture.contents().position()).isEqualTo(5);
        assertThat(fixture.contents().logTime()).isEqualTo(NOW + 5);
    }

    @Test
    void takesTheGroupsOffsetWithoutALogTime() {
        fixture.handle().advanceTo(8);

        assertThat(fixture.handle().position()).isEqualTo(8);
        assertThat(fixture.handle().logTime()).isEqualTo(-1);
    }

    @Test
    void isKeptOverACleanClose() {
        fixture.write(5, "a", "red");
        fixture.handle().advance(9, NOW + 9);
        fixture.commit();
        fixture.closeStore();

        fixture.open();

        assertThat(fixture.contents().position()).isEqualTo(9);
        assertThat(fixture.handle().logTime()).isEqualTo(NOW + 9);
    }

    @Test
    void isToldToKafkaStreamsUnderTheSourceTopic() {
        fixture.write(5, "a", "red");

        assertThat(fixture.store().getPosition()).isEqualTo(Position.fromMap(Map.of("input", Map.of(3, 5L))));
    }

    @Test
    void tellsThoseWhoWaitOnceItIsThere() {
        CompletableFuture<@Nullable Void> four = fixture.handle().whenReached(4).toCompletableFuture();
        CompletableFuture<@Nullable Void> six = fixture.handle().whenReached(6).toCompletableFuture();

        fixture.write(5, "a", "red");

        assertThat(four).isCompleted();
        assertThat(six).isNotDone();
        assertThat(fixture.handle().whenReached(5).toCompletableFuture()).isCompleted();
    }

    @Test
    void isVisibleToThoseItTells() {
        CompletableFuture<@Nullable String> read = fixture.handle()
                .whenReached(5)
                .thenApply(nothing -> fixture.read("a"))
                .toCompletableFuture();

        fixture.write(5, "a", "red");

        assertThat(read).isCompletedWithValue("red");
    }

    @Test
    void failsThoseWhoWaitWhenTheStoreCloses() {
        CompletableFuture<@Nullable Void> waiting =
                fixture.handle().whenReached(4).toCompletableFuture();
        OpenStore handle = fixture.handle();

        fixture.closeStore();

        assertThat(waiting).isCompletedExceptionally();
        assertThat(handle.whenReached(4).toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StoreClosedException.class);
    }

    @Test
    void belongsToRolesThatTheProcessorAndTheRestoreTell() {
        OpenStore handle = fixture.handle();

        fixture.engine().restoreListener().onRestoreStart(StoreFixture.CHANGELOG, "things", 0, 10);
        Role whileRestoring = handle.role();
        fixture.engine().restoreListener().onRestoreEnd(StoreFixture.CHANGELOG, "things", 10);
        handle.activate();
        Role whileProcessing = handle.role();
        handle.deactivate();

        assertThat(whileRestoring).isEqualTo(Role.RESTORING);
        assertThat(whileProcessing).isEqualTo(Role.ACTIVE);
        assertThat(handle.role()).isEqualTo(Role.STANDBY);
    }

    @Test
    void isNotThatOfOneMomentWhileAStandbyIsNotAtTheEndOfItsChangelog() {
        OpenStore handle = fixture.handle();
        Role opened = handle.role();
        StandbyUpdateListener following = fixture.engine().standbyListener();

        following.onBatchLoaded(StoreFixture.CHANGELOG, "things", StoreFixture.TASK, 9, 10, 12);
        Role behind = handle.role();
        following.onBatchLoaded(StoreFixture.CHANGELOG, "things", StoreFixture.TASK, 12, 3, 12);
        Role there = handle.role();
        following.onBatchLoaded(StoreFixture.CHANGELOG, "things", StoreFixture.TASK, 15, 3, 40);

        assertThat(List.of(opened, behind, there, handle.role()))
                .containsExactly(Role.RESTORING, Role.RESTORING, Role.STANDBY, Role.RESTORING);
    }
}
