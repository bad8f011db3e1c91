package io.forebay.store;

import static io.forebay.store.StoreFixture.CHANGELOG;
import static io.forebay.store.StoreFixture.NOW;
import static io.forebay.store.StoreFixture.TASK;
import static io.forebay.store.StoreFixture.WORDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Which databases are trusted when a store is opened, and what happens to the others. */
class OpeningTest {
    private static final long RESTORE_ALL = -4;
    private static final int RECORDS = 2_000;

    @TempDir
    private Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Opening.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
    }

    @Test
    void opensWhatWasClosed() {
        try (StoreFixture fixture = filled(directory, true)) {
            StoreFixture.Contents before = fixture.contents();
            fixture.commit();
            fixture.closeStore();

            fixture.open();

            assertThat(fixture.contents()).isEqualTo(before);
            assertThat(fixture.store().committedOffset(CHANGELOG)).isEqualTo(RECORDS);
            assertThat(logged.list).isEmpty();
        }
    }

    @Test
    void isCorruptedAfterAnUncleanDeathUnderExactlyOnce() throws Exception {
        Path copy = directory.resolve("copy");
        try (StoreFixture fixture = filled(directory.resolve("original"), true)) {
            fixture.commit();
            fixture.copyAsAfterKill(copy);

            try (StoreFixture survivor = fixture.inAnotherProcess(copy, NOW)) {
                assertThatThrownBy(survivor::open)
                        .isInstanceOfSatisfying(
                                TaskCorruptedException.class,
                                e -> assertThat(e.corruptedTasks()).containsExactly(TASK));
            }
        }
    }

    @Test
    void goesBackToTheCommittedPositionAfterAnUncleanDeathUnderAtLeastOnce() throws Exception {
        Path copy = directory.resolve("copy");
        try (StoreFixture fixture = filled(directory.resolve("original"), false)) {
            fixture.commit();
            fixture.write(RECORDS, "later", "red");
            fixture.copyAsAfterKill(copy);

            try (StoreFixture survivor = fixture.inAnotherProcess(copy, NOW).open()) {
                assertThat(survivor.contents().position()).isEqualTo(RECORDS - 1);
                assertThat(survivor.handle().position()).isEqualTo(RECORDS - 1);
                assertThat(survivor.store().committedOffset(CHANGELOG)).isEqualTo(RECORDS);
            }
        }
    }

    enum Damage {
        TABLE_TRUNCATED {
            @Override
            void doTo(Path database) throws IOException {
                truncate(largest(database, ".sst"));
            }
        },
        TABLE_END_GARBLED {
            @Override
            void doTo(Path database) throws IOException {
                Path table = largest(database, ".sst");
                garble(table, Files.size(table) - 60, 40);
            }
        },
        TABLE_MISSING {
            @Override
            void doTo(Path database) throws IOException {
                Files.delete(largest(database, ".sst"));
            }
        },
        CURRENT_GARBLED {
            @Override
            void doTo(Path database) throws IOException {
                garble(database.resolve("CURRENT"), 0, 10);
            }
        },
        CURRENT_EMPTY {
            @Override
            void doTo(Path database) throws IOException {
                Files.write(database.resolve("CURRENT"), new byte[0]);
            }
        },
        CURRENT_MISSING {
            @Override
            void doTo(Path database) throws IOException {
                Files.delete(database.resolve("CURRENT"));
            }
        },
        MANIFEST_GARBLED {
            @Override
            void doTo(Path database) throws IOException {
                garble(largest(database, "MANIFEST"), 10, 40);
            }
        },
        MANIFEST_MISSING {
            @Override
            void doTo(Path database) throws IOException {
                Files.delete(largest(database, "MANIFEST"));
            }
        };

        abstract void doTo(Path database) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void beginsAnewWithADamagedDatabase(Damage damage) throws IOException {
        try (StoreFixture fixture = filled(directory, true)) {
            StoreFixture.Contents before = fixture.contents();
            fixture.commit();
            fixture.closeStore();
            damage.doTo(fixture.databaseDirectory());

            fixture.open();

            assertThat(fixture.contents().records()).isEmpty();
            assertThat(fixture.handle().position()).isEqualTo(-1);
            assertThat(fixture.store().committedOffset(CHANGELOG)).isEqualTo(RESTORE_ALL);
            assertThat(logged.list).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage()).contains("things", "0_3", "damaged");
            });
            fixture.restore(fixture.changelog);
            assertThat(fixture.contents()).isEqualTo(before);
        }
    }

    @Test
    void beginsAnewAfterDamageThatShowsOnlyWhenItIsRead() throws IOException {
        try (StoreFixture fixture = filled(directory, true)) {
            fixture.commit();
            fixture.closeStore();
            garble(largest(fixture.databaseDirectory(), ".sst"), 2_000, 500);
            fixture.open();
            Throwable met = catchThrowable(fixture::contents);
            Throwable onWriting = catchThrowable(() -> fixture.write(RECORDS, "more", "red"));
            fixture.closeStore();

            fixture.open();

            assertThat(met).isInstanceOf(TaskCorruptedException.class);
            assertThat(onWriting).isInstanceOf(TaskCorruptedException.class);
            assertThat(fixture.store().committedOffset(CHANGELOG)).isEqualTo(RESTORE_ALL);
            assertThat(fixture.contents().records()).isEmpty();
            assertThat(logged.list).hasSize(1);
        }
    }

    @Test
    void beginsAnewWithADatabaseOlderThanHalfTheTombstonesAreKept() {
        try (StoreFixture fixture = filled(directory, true)) {
            fixture.commit();
            fixture.closeStore();

            long later = NOW + Duration.ofHours(12).toMillis() + 1;
            try (StoreFixture old = fixture.inAnotherProcess(directory, later).open()) {
                assertThat(old.contents().records()).isEmpty();
                assertThat(old.store().committedOffset(CHANGELOG)).isEqualTo(RESTORE_ALL);
                assertThat(logged.list)
                        .singleElement()
                        .satisfies(event ->
                                assertThat(event.getFormattedMessage()).contains("delete.retention.ms", "PT12H"));
            }
        }
    }

    @Test
    void trustsADatabaseThatIsYoungEnough() {
        try (StoreFixture fixture = filled(directory, true)) {
            fixture.commit();
            fixture.closeStore();

            long later = NOW + Duration.ofHours(12).toMillis();
            try (StoreFixture young = fixture.inAnotherProcess(directory, later).open()) {
                assertThat(young.contents().records()).hasSize(RECORDS);
            }
        }
    }

    @Test
    void trustsAnAppendOnlyDatabaseHoweverOldItIs() {
        try (StoreFixture fixture = StoreFixture.appendOnly(directory, NOW).open()) {
            fixture.write(0, "a", "red");
            fixture.commit();
            fixture.closeStore();

            long later = NOW + Duration.ofDays(365).toMillis();
            try (StoreFixture old = StoreFixture.appendOnly(directory, later).open()) {
                assertThat(old.contents().records()).hasSize(1);
            }
        }
    }

    @Test
    void takesNoDeletionWhereItIsAppendOnly() {
        try (StoreFixture fixture = StoreFixture.appendOnly(directory, NOW).open()) {
            assertThatThrownBy(() -> fixture.write(1, "a", null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("things");
        }
    }

    @Test
    void staysFromScratchUntilOffsetsAreCommitted() throws IOException {
        try (StoreFixture fixture = filled(directory, true)) {
            fixture.commit();
            fixture.closeStore();
            Damage.CURRENT_MISSING.doTo(fixture.databaseDirectory());
            fixture.open();
            fixture.closeStore();

            fixture.open();

            assertThat(fixture.store().committedOffset(CHANGELOG)).isEqualTo(RESTORE_ALL);
        }
    }

    @Test
    void hasNoOffsetsAfterAnEmptyCommit() {
        try (StoreFixture fixture = filled(directory, true)) {
            fixture.commit();
            fixture.store().commit(Map.of());
            fixture.closeStore();

            fixture.open();

            assertThat(fixture.store().committedOffset(CHANGELOG)).isNull();
            assertThat(fixture.handle().position()).isEqualTo(-1);
            assertThat(fixture.contents().records()).hasSize(RECORDS);
        }
    }

    @Test
    void forgetsTheOffsetOfAPartitionWithoutOne() {
        TopicPartition other = new TopicPartition("other", 0);
        try (StoreFixture fixture = filled(directory, true)) {
            fixture.store().commit(Map.of(CHANGELOG, 7L, other, 8L));
            Map<TopicPartition, Long> offsets = new TreeMap<>(Comparator.comparing(TopicPartition::topic));
            offsets.put(CHANGELOG, null);

            fixture.store().commit(offsets);

            assertThat(fixture.store().committedOffset(CHANGELOG)).isNull();
            assertThat(fixture.store().committedOffset(other)).isEqualTo(8L);
        }
    }

    @Test
    void keepsItsFilesInADirectoryNamedAfterTheStore() {
        try (StoreFixture fixture = filled(directory, true)) {
            assertThat(directory.toFile().list()).containsExactly(fixture.spec.name());
        }
    }

    private static StoreFixture filled(Path directory, boolean exactlyOnce) {
        StoreFixture fixture = new StoreFixture(StoreFixture.engine(NOW), directory, WORDS, exactlyOnce).open();
        IntStream.range(0, RECORDS).forEach(i -> fixture.write(i, "key-%05d".formatted(i), "red " + "x".repeat(50)));
        return fixture;
    }

    private static Path largest(Path database, String kind) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().contains(kind))
                    .sorted((one, other) ->
                            Long.compare(other.toFile().length(), one.toFile().length()))
                    .toList();
            return found.get(0);
        }
    }

    private static void truncate(Path file) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
    }

    private static void garble(Path file, long from, int length) throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (int i = (int) from; i < Math.min(content.length, from + length); i++) {
            content[i] ^= 0x5a;
        }
        Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
    }
}
