package io.forebay.keys;

import io.forebay.command.FlowDriver;
import io.forebay.command.Outcome;
import io.forebay.command.OutcomeRetention;
import io.forebay.keys.query.GetKey;
import io.forebay.keys.query.KeyEntry;
import io.forebay.keys.query.KeyFound;
import io.forebay.keys.query.KeyPage;
import io.forebay.keys.query.MatchKeys;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.DeleteKey;
import io.forebay.schemas.avro.DeleteKeys;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.TouchKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.CatalogueSettings;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicCatalogue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The production keys topology under a test driver. Keys are canonical paths, values are text. */
final class KeysDriver implements AutoCloseable {

    final FlowDriver flow;

    KeysDriver(java.nio.file.Path dir) {
        this(dir, KeysConfig.defaults());
    }

    KeysDriver(java.nio.file.Path dir, KeysConfig config) {
        this(dir, config, CatalogueSettings.defaults().withPartitions(1));
    }

    KeysDriver(java.nio.file.Path dir, KeysConfig config, CatalogueSettings settings) {
        TopicCatalogue catalogue = TopicCatalogue.of(settings);
        OutcomeRetention retention = new OutcomeRetention(Duration.ofHours(24), 1_000);
        flow = new FlowDriver(
                dir,
                "mock://" + dir.hashCode(),
                new FlowDriver.Driven(
                        catalogue,
                        KeysFlow.store(catalogue),
                        catalogue.keysSync(),
                        (serdes, engine, ticks, health) -> KeysFlow.topology(
                                catalogue, serdes, engine, config, retention, ticks, health, keys -> keys)));
    }

    static PutKey put(String key, String value, @Nullable Long ttl) {
        return put(key, value, ttl, null);
    }

    static PutKey put(String key, String value, @Nullable Long ttl, @Nullable Condition condition) {
        return PutKey.newBuilder()
                .setKey(key)
                .setValue(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))
                .setTtlMs(ttl)
                .setCondition(condition)
                .build();
    }

    long put(PutKey... records) {
        return send(records[0].getKey(), new PutKeys(List.of(records)));
    }

    long touch(@Nullable Long at, String... keys) {
        return send(keys[0], new TouchKeys(List.of(keys), at));
    }

    long delete(String... keys) {
        List<DeleteKey> records = new ArrayList<>();
        for (String key : keys) {
            records.add(new DeleteKey(key, null));
        }
        return send(keys[0], new DeleteKeys(records));
    }

    long deleteMatch(String match) {
        return sendToPartition(new DeleteMatch(match), null);
    }

    long send(String key, Object command) {
        return send(key, command, null);
    }

    long send(String key, Object command, @Nullable String requestId) {
        return flow.append(key.getBytes(StandardCharsets.UTF_8), encode(command), requestId);
    }

    long sendToPartition(Object command, @Nullable String requestId) {
        return flow.append(ReservedKeys.partition(), encode(command), requestId);
    }

    byte[] encode(Object command) {
        return flow.serdes()
                .serializer(KeyCommand.class)
                .serialize(flow.catalogue().keys().name(), new KeyCommand(command));
    }

    /** Sends a command and answers what was decided. */
    Outcome decide(@Nullable String key, Object command) {
        String id = "request-" + System.identityHashCode(command);
        byte[] keyBytes = key == null ? ReservedKeys.partition() : key.getBytes(StandardCharsets.UTF_8);
        flow.append(keyBytes, encode(command), id);
        return flow.outcome(id, keyBytes, encode(command));
    }

    KeyFound find(String key) {
        return flow.ask(new GetKey(key));
    }

    /** The value as text, or null. */
    @Nullable
    String get(String key) {
        byte[] value = find(key).value();
        return value == null ? null : text(value);
    }

    /** Keys and values that a match meets, {@code key=value}, page by page. */
    List<String> match(String match, int limit) {
        List<String> found = new ArrayList<>();
        String after = null;
        do {
            KeyPage page = flow.ask(new MatchKeys(match, after, limit));
            for (KeyEntry entry : page.entries()) {
                found.add(entry.key() + "=" + text(entry.value()));
            }
            after = page.scannedTo();
        } while (after != null);
        return found;
    }

    List<KeyChanged> changes() {
        return flow.told().stream()
                .map(told -> {
                    KeyChanged change = flow.serdes()
                            .deserializer(KeyChanged.class)
                            .deserialize(flow.catalogue().keysSync().name(), told.value());
                    if (!Path.parse(told.key()).toString().equals(change.getKey())) {
                        throw new AssertionError("the record key is the key's path");
                    }
                    return change;
                })
                .toList();
    }

    /** What was told since it was last asked: {@code type key=value}. */
    List<String> told() {
        return changes().stream().map(KeysDriver::told).toList();
    }

    static String told(KeyChanged change) {
        return change.getType() + " " + change.getKey() + "="
                + StandardCharsets.UTF_8.decode(change.getValue().duplicate());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        flow.close();
    }
}
