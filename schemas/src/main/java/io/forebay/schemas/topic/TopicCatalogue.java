package io.forebay.schemas.topic;

import io.forebay.schemas.avro.DeliveryCommand;
import io.forebay.schemas.avro.EventCommand;
import io.forebay.schemas.avro.InstanceKey;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RecordedEvent;
import io.forebay.schemas.avro.RouteCommand;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.topic.TopicSpec.Cleanup;
import io.forebay.schemas.topic.TopicSpec.Direction;
import io.forebay.schemas.topic.TopicSpec.KeyForm;
import io.forebay.schemas.topic.TopicSpec.TimestampType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * All topics of a deployment. Names, partitions and schemas are taken from here and nowhere else.
 *
 * <p>Input topics are stamped by the broker (LogAppendTime): time enters a flow through the log, so that a replay decides
 * as the first run did, whatever a producer's clock said. Sync topics are stamped by their producer, the flow, which passes
 * the input record's time on.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class TopicCatalogue {

    /** Id of the presence commands. */
    public static final String PRESENCE = "presence";
    /** Id of the presence changes. */
    public static final String PRESENCE_SYNC = "presence.sync";
    /** Id of the commands to keys. */
    public static final String KEYS = "keys";
    /** Id of the changes of keys. */
    public static final String KEYS_SYNC = "keys.sync";
    /** The capability of record sync. */
    public static final String SYNC = "sync";
    /** Id of the row changes. */
    public static final String CHANGES = "changes";
    /** Id of the changes on their way to the places that they concern. */
    public static final String SYNC_ROUTES = "sync.routes";
    /** Id of the commands of subscribers. */
    public static final String SUBSCRIPTIONS = "subscriptions";
    /** Id of the changes on their way to the subscribers whom they concern. */
    public static final String SYNC_DELIVERIES = "sync.deliveries";
    /** Id of the changes as subscribers may see them. */
    public static final String RECORDS_SYNC = "records.sync";
    /** Id of the commands to event streams; also the name of the store of events, which names the event log. */
    public static final String EVENTS = "events";
    /** Name of the store of the keys that seal events, which names their topic. */
    public static final String EVENT_KEYS = "event-keys";
    /** Id of the dead letters. */
    public static final String DEAD_LETTERS = "dead-letters";

    /** Room for what a record gets on top of the input value it holds: headers, a key, a position. */
    private static final int ENVELOPE_BYTES = 64 * 1024;

    /** For how long a destroyed key may stay, as far as its topic's settings go. */
    private static final Duration KEY_COMPACTION_LAG = Duration.ofHours(1);

    private final CatalogueSettings settings;
    private final TopicSpec presence;
    private final TopicSpec presenceSync;
    private final TopicSpec keys;
    private final TopicSpec keysSync;
    private final TopicSpec changes;
    private final TopicSpec syncRoutes;
    private final TopicSpec subscriptions;
    private final TopicSpec syncDeliveries;
    private final TopicSpec recordsSync;
    private final TopicSpec events;
    private final TopicSpec eventLog;
    private final TopicSpec eventKeys;
    private final TopicSpec deadLetters;

    private TopicCatalogue(CatalogueSettings settings) {
        this.settings = settings;
        this.presence = new TopicSpec(
                PRESENCE,
                settings.prefix() + PRESENCE,
                settings.partitionsOf(PRESENCE),
                KeyForm.GUILD,
                PresenceCommand.getClassSchema(),
                PRESENCE,
                Direction.IN,
                Cleanup.DELETE,
                settings.retentionOf(PRESENCE),
                TimestampType.LOG_APPEND_TIME,
                settings.maxMessageBytes(),
                KeyPlacement.BY_KEY,
                Map.of());
        this.presenceSync = new TopicSpec(
                PRESENCE_SYNC,
                settings.prefix() + PRESENCE_SYNC,
                settings.partitionsOf(PRESENCE_SYNC),
                KeyForm.GUILD,
                PresenceChanged.getClassSchema(),
                PRESENCE,
                Direction.OUT,
                Cleanup.DELETE,
                settings.retentionOf(PRESENCE_SYNC),
                TimestampType.CREATE_TIME,
                2 * settings.maxMessageBytes(),
                KeyPlacement.BY_KEY,
                Map.of());
        this.keys = new TopicSpec(
                KEYS,
                settings.prefix() + KEYS,
                settings.partitionsOf(KEYS),
                KeyForm.NAMESPACED,
                KeyCommand.getClassSchema(),
                KEYS,
                Direction.IN,
                Cleanup.DELETE,
                settings.retentionOf(KEYS),
                TimestampType.LOG_APPEND_TIME,
                settings.maxMessageBytes(),
                settings.placement(),
                Map.of());
        this.keysSync = new TopicSpec(
                KEYS_SYNC,
                settings.prefix() + KEYS_SYNC,
                settings.partitionsOf(KEYS),
                KeyForm.NAMESPACED,
                KeyChanged.getClassSchema(),
                KEYS,
                Direction.OUT,
                Cleanup.DELETE,
                settings.retentionOf(KEYS_SYNC),
                TimestampType.CREATE_TIME,
                settings.maxMessageBytes() + ENVELOPE_BYTES,
                settings.placement(),
                Map.of());
        this.changes = new TopicSpec(
                CHANGES,
                settings.prefix() + CHANGES,
                settings.partitionsOf(CHANGES),
                KeyForm.ROW,
                RowChange.getClassSchema(),
                CHANGES,
                Direction.IN,
                Cleanup.DELETE,
                settings.retentionOf(CHANGES),
                TimestampType.LOG_APPEND_TIME,
                settings.maxMessageBytes(),
                KeyPlacement.BY_KEY,
                Map.of());
        this.syncRoutes = new TopicSpec(
                SYNC_ROUTES,
                settings.prefix() + SYNC_ROUTES,
                settings.partitionsOf(CHANGES),
                KeyForm.PLACE,
                RouteCommand.getClassSchema(),
                SYNC,
                Direction.BETWEEN,
                Cleanup.DELETE,
                settings.retentionOf(SYNC_ROUTES),
                TimestampType.LOG_APPEND_TIME,
                2 * settings.maxMessageBytes() + ENVELOPE_BYTES,
                KeyPlacement.BY_KEY,
                Map.of());
        this.subscriptions = new TopicSpec(
                SUBSCRIPTIONS,
                settings.prefix() + SUBSCRIPTIONS,
                settings.partitionsOf(SUBSCRIPTIONS),
                KeyForm.SUBSCRIPTION,
                SubscriptionCommand.getClassSchema(),
                SYNC,
                Direction.IN,
                Cleanup.COMPACT,
                settings.retentionOf(SUBSCRIPTIONS),
                TimestampType.LOG_APPEND_TIME,
                settings.maxMessageBytes(),
                KeyPlacement.BY_KEY,
                Map.of());
        this.syncDeliveries = new TopicSpec(
                SYNC_DELIVERIES,
                settings.prefix() + SYNC_DELIVERIES,
                settings.partitionsOf(SUBSCRIPTIONS),
                KeyForm.SUBSCRIBER,
                DeliveryCommand.getClassSchema(),
                SYNC,
                Direction.BETWEEN,
                Cleanup.DELETE,
                settings.retentionOf(SYNC_DELIVERIES),
                TimestampType.LOG_APPEND_TIME,
                2 * settings.maxMessageBytes() + ENVELOPE_BYTES,
                KeyPlacement.BY_KEY,
                Map.of());
        this.recordsSync = new TopicSpec(
                RECORDS_SYNC,
                settings.prefix() + RECORDS_SYNC,
                settings.partitionsOf(SUBSCRIPTIONS),
                KeyForm.SUBSCRIBER,
                RecordTold.getClassSchema(),
                SYNC,
                Direction.OUT,
                Cleanup.DELETE,
                settings.retentionOf(RECORDS_SYNC),
                TimestampType.CREATE_TIME,
                2 * settings.maxMessageBytes() + ENVELOPE_BYTES,
                KeyPlacement.BY_KEY,
                Map.of());
        this.events = new TopicSpec(
                EVENTS,
                settings.prefix() + EVENTS,
                settings.partitionsOf(EVENTS),
                KeyForm.STREAM,
                EventCommand.getClassSchema(),
                EVENTS,
                Direction.IN,
                Cleanup.DELETE,
                settings.retentionOf(EVENTS),
                TimestampType.LOG_APPEND_TIME,
                settings.maxMessageBytes(),
                KeyPlacement.BY_KEY,
                Map.of());
        this.eventLog =
                changelog(applicationId(EVENTS), EVENTS, events, KeyForm.EVENT, RecordedEvent.getClassSchema(), null);
        this.eventKeys = changelog(
                applicationId(EVENTS),
                EVENT_KEYS,
                events,
                KeyForm.STREAM,
                InstanceKey.getClassSchema(),
                KEY_COMPACTION_LAG);
        this.deadLetters = new TopicSpec(
                DEAD_LETTERS,
                settings.prefix() + DEAD_LETTERS,
                settings.partitionsOf(DEAD_LETTERS),
                KeyForm.AS_RECEIVED,
                null,
                DEAD_LETTERS,
                Direction.OUT,
                Cleanup.DELETE,
                settings.retentionOf(DEAD_LETTERS),
                TimestampType.CREATE_TIME,
                settings.maxMessageBytes() + ENVELOPE_BYTES,
                KeyPlacement.BY_KEY,
                Map.of());
    }

    /** The catalogue of a deployment. */
    public static TopicCatalogue of(CatalogueSettings settings) {
        return new TopicCatalogue(settings);
    }

    /** Commands to presences. */
    public TopicSpec presence() {
        return presence;
    }

    /** Changes of presences. */
    public TopicSpec presenceSync() {
        return presenceSync;
    }

    /** Commands to keys. */
    public TopicSpec keys() {
        return keys;
    }

    /** Changes of keys. It has the partitions of {@link #keys}, and what came of an input partition is on the same one. */
    public TopicSpec keysSync() {
        return keysSync;
    }

    /** Rows that committed transactions changed. */
    public TopicSpec changes() {
        return changes;
    }

    /** Changes on their way to the places that they concern. It has the partitions of {@link #changes}. */
    public TopicSpec syncRoutes() {
        return syncRoutes;
    }

    /** Commands of subscribers. */
    public TopicSpec subscriptions() {
        return subscriptions;
    }

    /** What subscribers are to be told, on its way. It has the partitions of {@link #subscriptions}. */
    public TopicSpec syncDeliveries() {
        return syncDeliveries;
    }

    /** What subscribers are told. It has the partitions of {@link #subscriptions}. */
    public TopicSpec recordsSync() {
        return recordsSync;
    }

    /** Commands to event streams. */
    public TopicSpec events() {
        return events;
    }

    /**
     * The event log: every event, one record each, for any consumer to read. It is the changelog of the store of events, so
     * Kafka Streams makes it. It is compacted and has no key twice, so everything stays.
     */
    public TopicSpec eventLog() {
        return eventLog;
    }

    /**
     * The keys that seal events, one record for each stream that has one, for consumers to open events with. It is the
     * changelog of a store, as the event log is, and compacted soon after a key was destroyed.
     */
    public TopicSpec eventKeys() {
        return eventKeys;
    }

    /** What takes the place of a topic's name in the subject of the schema of what sealed events hold. */
    public String sealedContents() {
        return eventLog.name() + ".sealed";
    }

    /** Records that no flow could use, as received, with the reason in headers. */
    public TopicSpec deadLetters() {
        return deadLetters;
    }

    /** The topics that are created or checked at start. Changelogs are not among them: Kafka Streams makes those. */
    public List<TopicSpec> all() {
        return List.of(
                presence,
                presenceSync,
                keys,
                keysSync,
                changes,
                syncRoutes,
                subscriptions,
                syncDeliveries,
                recordsSync,
                events,
                deadLetters);
    }

    /** The Kafka Streams application id of a capability, for example {@code forebay-presence}. */
    public String applicationId(String capability) {
        return (settings.prefix() + capability).replace('.', '-');
    }

    /**
     * The changelog of a state store. What is out of date in it stays no longer than the commands that it came from.
     *
     * @param applicationId the application that owns the store
     * @param store the store's name
     * @param source the topic the store is built from; the changelog has as many partitions
     */
    public TopicSpec changelog(String applicationId, String store, TopicSpec source) {
        return changelog(applicationId, store, source, KeyForm.STORE, null, source.retention());
    }

    private TopicSpec changelog(
            String applicationId,
            String store,
            TopicSpec source,
            KeyForm keyForm,
            @Nullable Schema valueSchema,
            @Nullable Duration retention) {
        String name = applicationId + "-" + store + "-changelog";
        return new TopicSpec(
                name,
                name,
                source.partitions(),
                keyForm,
                valueSchema,
                source.owner(),
                Direction.STATE,
                Cleanup.COMPACT,
                retention,
                TimestampType.CREATE_TIME,
                // A record of the source is kept whole for as long as it cannot be read.
                Math.max(2 * settings.maxMessageBytes(), source.maxMessageBytes() + ENVELOPE_BYTES),
                KeyPlacement.BY_KEY,
                Map.of());
    }

    /** The settings this catalogue was made from. */
    public CatalogueSettings settings() {
        return settings;
    }
}
