package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.cache.query.LookUp;
import io.forebay.cache.query.Looked;
import io.forebay.cache.state.CacheKey;
import io.forebay.command.Outcome;
import io.forebay.it.json.Json;
import io.forebay.schemas.avro.BeginLoad;
import io.forebay.schemas.avro.CacheCommand;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.GiveUpLoad;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.TouchEntry;
import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Caches by their topology, on a clock that the vectors move. */
final class CachesInProcess extends CacheOperations {
    private static final long LEASE_MS = 10_000;

    private final FlowInProcess flow;
    private final List<Waiter> waiters = new ArrayList<>();

    /** Somebody who was told to wait. */
    private record Waiter(String key, @Nullable Long lifetime, String caller) {}

    private CachesInProcess(FlowInProcess flow) {
        this.flow = flow;
    }

    static CachesInProcess open() {
        return new CachesInProcess(FlowInProcess.ofCaches());
    }

    @Override
    Begun begin(String key, JsonNode lifetime, String caller) {
        if (!isLifetime(lifetime)) {
            return new Begun(null, null, null, "invalid");
        }
        Long seconds = lifetime.isIntegralNumber() ? lifetime.longValue() : null;
        return begin(new Waiter(key, seconds, caller));
    }

    /** As a number of seconds or for ever; what it may not be as a number is for the topology to say. */
    private static boolean isLifetime(JsonNode lifetime) {
        return lifetime.isMissingNode()
                || lifetime.isIntegralNumber()
                || lifetime.asText().equals("infinity");
    }

    private Begun begin(Waiter reader) {
        Path path = path(reader.key());
        Looked looked = look(reader);
        byte[] value = looked.value();
        if (value != null) {
            if (looked.now() - looked.touched() >= looked.betweenTouches(reader.lifetime())) {
                decide(path, new TouchEntry(path.toString(), looked.now(), reader.lifetime()));
            }
            return new Begun(Json.parse(value), null, null, null);
        }
        Outcome outcome =
                decide(path, new BeginLoad(path.toString(), reader.lifetime(), LEASE_MS, reader.caller(), null));
        if (outcome.isRefused()) {
            return new Begun(null, null, null, outcome.code());
        }
        JsonNode told = Json.parse(outcome.body());
        if (told.has("wait_for")) {
            waiters.add(reader);
            return new Begun(null, null, told.get("wait_for").asText(), null);
        }
        return new Begun(null, told.required("lease").asText(), null, null);
    }

    private Looked look(Waiter reader) {
        return flow.ask(new LookUp(path(reader.key()).toString(), reader.lifetime(), 0));
    }

    @Override
    Filled fill(String key, @Nullable String lease, JsonNode value) {
        Path path = path(key);
        Outcome outcome = decide(
                path,
                FillEntry.newBuilder()
                        .setKey(path.toString())
                        .setLease(lease == null ? -1 : Long.parseLong(lease))
                        .setValue(ByteBuffer.wrap(Json.write(value).getBytes(StandardCharsets.UTF_8)))
                        .build());
        if (outcome.isRefused()) {
            return new Filled(null, outcome.status() == 409 ? "conflict" : outcome.code());
        }
        return new Filled(Json.parse(outcome.body()).required("kept").asBoolean(), null);
    }

    @Override
    void giveUp(String key, String lease) {
        Path path = path(key);
        decide(path, new GiveUpLoad(path.toString(), Long.parseLong(lease)));
    }

    @Override
    JsonNode delete(String key) {
        Path path = path(key);
        Outcome outcome = decide(path, new InvalidateKeys(List.of(path.toString())));
        return outcome.isRefused() ? Json.object().put("error", outcome.code()) : ok();
    }

    @Override
    List<String> woken(String key) {
        List<String> woken = new ArrayList<>();
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.key().equals(key) && look(waiter).value() != null) {
                woken.add(waiter.caller());
                each.remove();
            }
        }
        return woken;
    }

    @Override
    @Nullable
    String nextLoader(String key) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.key().equals(key)) {
                waiters.remove(waiter);
                return begin(waiter).lease() == null ? null : waiter.caller();
            }
        }
        return null;
    }

    @Override
    JsonNode advance(long millis) {
        flow.advance(millis);
        return ok();
    }

    @Override
    JsonNode clock(Instant at) {
        flow.advanceTo(at);
        return ok();
    }

    @Override
    public void close() {
        flow.close();
    }

    private Outcome decide(Path key, Object command) {
        byte[] value = flow.serdes()
                .serializer(KeyCommand.class)
                .serialize(flow.topic().name(), new KeyCommand(new CacheCommand(command)));
        return flow.decide(key, value);
    }

    private static Path path(String key) {
        return CacheKey.of(CACHE, List.of(key));
    }
}
