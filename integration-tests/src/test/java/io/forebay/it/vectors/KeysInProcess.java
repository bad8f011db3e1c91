package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.command.Outcome;
import io.forebay.it.json.Json;
import io.forebay.keys.KeysConfig;
import io.forebay.keys.KeysFlow;
import io.forebay.keys.query.GetKey;
import io.forebay.keys.query.KeyEntry;
import io.forebay.keys.query.KeyPage;
import io.forebay.keys.query.MatchKeys;
import io.forebay.schemas.avro.DeleteKey;
import io.forebay.schemas.avro.DeleteKeys;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys by their topology, on a clock that the vectors move. */
final class KeysInProcess extends KeyOperations {
    /** Less than some vectors hold, so that cursors are shown as well. */
    private static final int PAGE = 2;

    private final FlowInProcess flow;

    private KeysInProcess(FlowInProcess flow) {
        this.flow = flow;
    }

    static KeysInProcess open() {
        return new KeysInProcess(FlowInProcess.open(
                KeysFlow::store,
                (topics, serdes, engine, retention, ticks, health) -> KeysFlow.topology(
                        topics, serdes, engine, KeysConfig.defaults(), retention, ticks, health, keys -> keys)));
    }

    @Override
    JsonNode put(String namespace, ArrayNode records, @Nullable Long ttl, boolean async) {
        try {
            List<PutKey> puts = new ArrayList<>();
            for (JsonNode record : records) {
                byte[] value = Json.write(record.required("value")).getBytes(StandardCharsets.UTF_8);
                puts.add(PutKey.newBuilder()
                        .setKey(path(namespace, record.required("key")).toString())
                        .setValue(ByteBuffer.wrap(value))
                        .setTtlMs(ttl)
                        .build());
            }
            return puts.isEmpty() ? ok() : decide(Path.parse(puts.get(0).getKey()), new PutKeys(puts));
        } catch (PathSyntaxException e) {
            return error("invalid");
        }
    }

    @Override
    JsonNode get(String namespace, JsonNode key) {
        try {
            byte[] value = flow.ask(new GetKey(path(namespace, key).toString())).value();
            return value == null ? error("not_found") : Json.object("value", Json.parse(value));
        } catch (PathSyntaxException e) {
            return error("invalid");
        }
    }

    @Override
    JsonNode delete(String namespace, JsonNode key, boolean async) {
        try {
            Path path = path(namespace, key);
            return decide(path, new DeleteKeys(List.of(new DeleteKey(path.toString(), null))));
        } catch (PathSyntaxException e) {
            return error("invalid");
        }
    }

    @Override
    JsonNode all(String namespace, JsonNode match) {
        String text;
        try {
            text = Path.of(namespace) + "/" + PathMatch.fromJson(Json.write(match));
        } catch (PathSyntaxException e) {
            return error("invalid");
        }
        ArrayNode records = Json.array();
        String after = null;
        do {
            KeyPage page = flow.ask(new MatchKeys(text, after, PAGE));
            for (KeyEntry entry : page.entries()) {
                ObjectNode record = records.addObject();
                List<String> parts = Path.parse(entry.key()).parts();
                parts.subList(1, parts.size()).forEach(record.withArray("key")::add);
                record.set("value", Json.parse(entry.value()));
            }
            after = page.scannedTo();
        } while (after != null);
        return Json.object("records", records);
    }

    @Override
    JsonNode restart() {
        flow.restart();
        return ok();
    }

    /** Nothing is outstanding here: the topology takes in what was sent before the next operation. */
    @Override
    JsonNode settle() {
        return ok();
    }

    @Override
    JsonNode advance(long millis) {
        flow.advance(millis);
        return ok();
    }

    @Override
    public void close() {
        flow.close();
    }

    private JsonNode decide(Path key, Object command) {
        byte[] value = flow.serdes()
                .serializer(KeyCommand.class)
                .serialize(flow.topic().name(), new KeyCommand(command));
        Outcome outcome = flow.decide(key, value);
        return outcome.isRefused() ? error(String.valueOf(outcome.code())) : ok();
    }

    private static Path path(String namespace, JsonNode key) {
        List<String> parts = new ArrayList<>(List.of(namespace));
        parts.addAll(Path.fromJson(Json.write(key)).parts());
        return Path.of(parts);
    }
}
