package io.forebay.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicCatalogueTest {

    private static final TopicCatalogue CATALOGUE = TopicCatalogue.of(CatalogueSettings.defaults());

    @Test
    void namesStartWithThePrefix() {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPrefix("acme."));

        assertThat(catalogue.all())
                .extracting(TopicSpec::name)
                .containsExactly(
                        "acme.presence",
                        "acme.presence.sync",
                        "acme.keys",
                        "acme.keys.sync",
                        "acme.changes",
                        "acme.sync.routes",
                        "acme.subscriptions",
                        "acme.sync.deliveries",
                        "acme.records.sync",
                        "acme.events",
                        "acme.dead-letters");
        assertThat(catalogue.applicationId("presence")).isEqualTo("acme-presence");
    }

    @Test
    void commandsAreStampedByTheBroker() {
        assertThat(CATALOGUE.presence().properties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "604800000",
                        "segment.ms", "86400000",
                        "message.timestamp.type", "LogAppendTime",
                        "max.message.bytes", "2097152"));
    }

    @Test
    void rowChangesAreStampedByTheBrokerAsCommandsAre() {
        assertThat(CATALOGUE.changes().properties())
                .isEqualTo(CATALOGUE.presence().properties());
    }

    /** Their order is that of the log, and so is their time. */
    @Test
    void whatIsOnItsWayToPlacesIsOnThePartitionsOfRowChangesAndStampedByTheBroker() {
        TopicCatalogue catalogue = TopicCatalogue.of(new CatalogueSettings(
                "", 4, Map.of("changes", 3), Map.of(), 1 << 20, KeyPlacement.BY_KEY, EventsOrder.GLOBAL));

        assertThat(catalogue.syncRoutes().partitions()).isEqualTo(3);
        assertThat(catalogue.syncRoutes().properties()).containsEntry("message.timestamp.type", "LogAppendTime");
        assertThat(catalogue.syncRoutes().maxMessageBytes())
                .isGreaterThan(2 * catalogue.changes().maxMessageBytes());
    }

    @Test
    void changesHaveRoomForOldAndNew() {
        assertThat(CATALOGUE.presenceSync().properties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "86400000",
                        "segment.ms", "14400000",
                        "message.timestamp.type", "CreateTime",
                        "max.message.bytes", "4194304"));
    }

    @Test
    void deadLettersHaveRoomForTheirHeaders() {
        assertThat(CATALOGUE.deadLetters().maxMessageBytes())
                .isGreaterThan(CATALOGUE.presence().maxMessageBytes());
        assertThat(CATALOGUE.deadLetters().valueSchema()).isNull();
    }

    @Test
    void settingsByTopicWin() {
        TopicCatalogue catalogue = TopicCatalogue.of(new CatalogueSettings(
                "",
                4,
                Map.of("dead-letters", 1, "keys", 2),
                Map.of("presence.sync", Duration.ofDays(3)),
                1 << 20,
                KeyPlacement.BY_KEY,
                EventsOrder.STREAM));

        assertThat(catalogue.all()).extracting(TopicSpec::partitions).containsExactly(4, 4, 2, 2, 4, 4, 4, 4, 4, 4, 1);
        assertThat(catalogue.presenceSync().retention()).isEqualTo(Duration.ofDays(3));
        assertThat(catalogue.presence().name()).isEqualTo("presence");
    }

    @Test
    void aChangelogIsCompactedAndHasThePartitionsOfItsSource() {
        TopicSpec changelog = CATALOGUE.changelog("forebay-presence", "presences", CATALOGUE.presence());

        assertThat(changelog.name()).isEqualTo("forebay-presence-presences-changelog");
        assertThat(changelog.partitions()).isEqualTo(8);
        assertThat(changelog.properties())
                .containsEntry("cleanup.policy", "compact")
                .doesNotContainKeys("retention.ms", "segment.ms");
    }

    @Test
    void whatIsOutOfDateInAChangelogStaysNoLongerThanTheCommands() {
        TopicCatalogue catalogue = withRetention(Duration.ofDays(2));

        assertThat(catalogue
                        .changelog("forebay-presence", "presences", catalogue.presence())
                        .properties())
                .containsEntry("max.compaction.lag.ms", "172800000");
    }

    /** A sixth, within a minute and a day. */
    @ParameterizedTest
    @CsvSource({"PT1M, 60000", "PT12M, 120000", "P1D, 14400000", "P6D, 86400000", "P3650D, 86400000"})
    void segmentsAreInProportionToTheRetention(Duration retention, String segment) {
        assertThat(withRetention(retention).presence().properties()).containsEntry("segment.ms", segment);
    }

    @Test
    void eventsHaveOnePartitionUnlessTheirOrderIsThatOfStreams() {
        CatalogueSettings settings = CatalogueSettings.defaults();

        assertThat(CATALOGUE.events().partitions()).isEqualTo(1);
        assertThat(TopicCatalogue.of(settings.withEventsOrder(EventsOrder.STREAM))
                        .events()
                        .partitions())
                .isEqualTo(8);
        assertThatThrownBy(() -> new CatalogueSettings(
                        "", 4, Map.of("events", 4), Map.of(), 1 << 20, KeyPlacement.BY_KEY, EventsOrder.GLOBAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("events");
    }

    @Test
    void theEventLogIsTheChangelogOfTheStoreOfEvents() {
        TopicSpec log = CATALOGUE.eventLog();

        assertThat(log.name()).isEqualTo("forebay-events-events-changelog");
        assertThat(log.properties())
                .containsEntry("cleanup.policy", "compact")
                .doesNotContainKeys("retention.ms", "max.compaction.lag.ms");
        assertThat(log.valueSchema()).isEqualTo(RecordedEvent.getClassSchema());
        assertThat(CATALOGUE.all()).doesNotContain(log);
    }

    @Test
    void theKeysThatSealEventsAreCompactedSoon() {
        TopicSpec keys = CATALOGUE.eventKeys();

        assertThat(keys.name()).isEqualTo("forebay-events-event-keys-changelog");
        assertThat(keys.properties())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("max.compaction.lag.ms", "3600000");
        assertThat(keys.valueSchema()).isEqualTo(InstanceKey.getClassSchema());
        assertThat(CATALOGUE.all()).doesNotContain(keys);
    }

    @Test
    void aTopicIsRequestedWithItsProperties() {
        var request = CATALOGUE.presence().newTopic(-1);

        assertThat(request.numPartitions()).isEqualTo(8);
        assertThat(request.replicationFactor()).isEqualTo((short) -1);
        assertThat(request.configs()).isEqualTo(CATALOGUE.presence().properties());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "ä", "a/b"})
    void aPrefixThatNoTopicCanHaveIsRefused(String prefix) {
        assertThatThrownBy(() -> CatalogueSettings.defaults().withPrefix(prefix))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void partitionsAreLimited(int partitions) {
        assertThatThrownBy(() -> CatalogueSettings.defaults().withPartitions(partitions))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unknownTopicsAreRefused() {
        assertThatThrownBy(() -> new CatalogueSettings(
                        "", 1, Map.of("prescence", 1), Map.of(), 1 << 20, KeyPlacement.BY_KEY, EventsOrder.GLOBAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("presence.sync");
    }

    /** Computed apart from Kafka's classes: where a key goes is a contract with producers in any language. */
    @ParameterizedTest
    @CsvSource({
        "197038439483310086, 1, 0",
        "197038439483310086, 3, 2",
        "197038439483310086, 8, 3",
        "197038439483310086, 100, 43",
        "81384788765712384, 1, 0",
        "81384788765712384, 3, 0",
        "81384788765712384, 8, 2",
        "81384788765712384, 100, 14",
        "18446744073709551615, 1, 0",
        "18446744073709551615, 3, 1",
        "18446744073709551615, 8, 5",
        "18446744073709551615, 100, 41",
        "0, 1, 0",
        "0, 3, 2",
        "0, 8, 4",
        "0, 100, 96",
        "a%20b/c, 1, 0",
        "a%20b/c, 3, 0",
        "a%20b/c, 8, 2",
        "a%20b/c, 100, 54",
    })
    void aKeyGoesWhereDefaultPartitionersPutIt(String key, int partitions, int partition) {
        TopicCatalogue catalogue =
                TopicCatalogue.of(CatalogueSettings.defaults().withPartitions(partitions));

        assertThat(catalogue.presence().partitionFor(Path.parse(key))).isEqualTo(partition);
    }

    @Test
    void theReservedKeyIsNoPath() {
        assertThat(ReservedKeys.isTick(ReservedKeys.tick())).isTrue();
        assertThatThrownBy(() -> Path.parse(ReservedKeys.tick())).isInstanceOf(PathSyntaxException.class);
        assertThat(new String(ReservedKeys.tick(), StandardCharsets.UTF_8)).isEqualTo("%tick");
    }

    private static TopicCatalogue withRetention(Duration retention) {
        return TopicCatalogue.of(new CatalogueSettings(
                "",
                8,
                Map.of(),
                Map.of(TopicCatalogue.PRESENCE, retention),
                1 << 20,
                KeyPlacement.BY_KEY,
                EventsOrder.GLOBAL));
    }
}
