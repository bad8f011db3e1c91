package io.forebay.presence;

import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.Precondition;
import io.forebay.command.RefusedException;
import io.forebay.presence.state.BulkWrites;
import io.forebay.presence.state.OpenBatch;
import io.forebay.presence.state.PresenceTable;
import io.forebay.presence.state.StoredPresence;
import io.forebay.schemas.avro.BulkCreatePresences;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.CreatePresence;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceCommand;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.RemovePresence;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.avro.UpdatePresence;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.Snowflake;
import io.forebay.store.PartitionStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides presence commands.
 *
 * <p>An update merges shallowly, {@code user} one level deeper, stores the result always, and counts as a change when
 * the presence is new or when status or activities differ by value between the old and the merged one; absent is a value
 * of its own, so absent equals absent and differs from null. A create replaces whole. A bulk create is all or nothing,
 * a later presence of the same user wins. Remove and purge take away.
 *
 * <p>What fits one record is done in one decision. A larger bulk is staged chunk by chunk and becomes visible with its
 * last one; a large guild's purge or replacement is visible at once and carried out by ticks.
 */
public final class PresenceDecider implements Decider<PresenceCommand> {

    private static final byte[] UNCHANGED = utf8("{\"changed\":false}");

    private final PresenceConfig config;
    private final Function<PresenceChanged, byte[]> encoder;

    private @Nullable PresenceTable table;
    private @Nullable BulkWrites bulkWrites;

    /**
     * A decider for one task.
     *
     * @param encoder of sync records
     */
    public PresenceDecider(PresenceConfig config, Function<PresenceChanged, byte[]> encoder) {
        this.config = config;
        this.encoder = encoder;
    }

    @Override
    public void open(PartitionStore store) {
        table = new PresenceTable(store, this::tell);
        bulkWrites = new BulkWrites(table);
    }

    @Override
    public void checkKey(Path key) throws RefusedException {
        guildOf(key);
    }

    @Override
    public Outcome decide(Path key, PresenceCommand command, Decision decision) throws RefusedException {
        return decideOne(guildOf(key), command.getCommand(), decision);
    }

    @Override
    public boolean hasPendingWork() {
        return bulkWrites().hasPendingWork();
    }

    @Override
    public void proceed(Decision decision) {
        bulkWrites().fold(decision, config.foldedPerTick());
    }

    private Outcome decideOne(Snowflake guild, Object command, Decision decision) throws RefusedException {
        if (command instanceof UpdatePresence update) {
            return update(guild, update, decision).outcome();
        } else if (command instanceof CreatePresence create) {
            return create(guild, create, decision);
        } else if (command instanceof BulkCreatePresences bulk) {
            return bulkCreate(guild, bulk, decision);
        } else if (command instanceof RemovePresence remove) {
            return remove(guild, remove, decision);
        } else if (command instanceof PurgePresences) {
            return purge(guild, decision);
        } else if (command instanceof GatewayDispatch dispatch) {
            return dispatch(guild, dispatch, decision);
        }
        throw RefusedException.invalid("command", "one of the commands this version knows");
    }

    private Outcome create(Snowflake guild, CreatePresence create, Decision decision) throws RefusedException {
        Addressed addressed = address(guild, create.getUserId(), create.getPresence());
        long user = addressed.user().value();
        StoredPresence old = table().get(decision, guild.value(), user);
        Precondition.check(create.getCondition(), versionOf(old));
        table().replace(decision, guild.value(), user, StoredPresence.of(addressed.body(), decision.offset()));
        return Outcome.done();
    }

    private Update update(Snowflake guild, UpdatePresence update, Decision decision) throws RefusedException {
        Addressed addressed = address(guild, update.getUserId(), update.getPresence());
        long user = addressed.user().value();
        StoredPresence old = table().get(decision, guild.value(), user);
        Precondition.check(update.getCondition(), versionOf(old));
        if (old == null) {
            StoredPresence first = StoredPresence.of(addressed.body(), decision.offset());
            table().put(decision, guild.value(), user, null, first);
            return new Update(guild, null, first);
        }
        JsonObject before = old.object();
        JsonObject merged = merge(before, addressed.body());
        if (merged.length() > config.json().maxBytes()) {
            throw new RefusedException(
                    413,
                    "too_large",
                    "",
                    "a presence has at most " + config.json().maxBytes() + " bytes");
        }
        StoredPresence now = StoredPresence.of(merged, decision.offset());
        if (before.sameMember(merged, "activities") && before.sameMember(merged, "status")) {
            table().putSilently(decision, guild.value(), user, now);
            return new Update(guild, null, null);
        }
        table().put(decision, guild.value(), user, old, now);
        return new Update(guild, old, now);
    }

    /** A partial user may not erase the name that an earlier one brought. */
    private static JsonObject merge(JsonObject before, JsonObject update) {
        JsonValue oldUser = before.member("user");
        JsonValue newUser = update.member("user");
        JsonObject merged = before.merge(update);
        if (oldUser != null && newUser != null && oldUser.isObject() && newUser.isObject()) {
            merged = merged.with("user", JsonValue.of(oldUser.asObject().merge(newUser.asObject())));
        }
        return merged;
    }

    private Outcome bulkCreate(Snowflake guild, BulkCreatePresences bulk, Decision decision) throws RefusedException {
        Map<Long, StoredPresence> presences = new LinkedHashMap<>();
        long bytes = 0;
        int index = 0;
        for (String text : bulk.getPresences()) {
            String pointer = "/presences/" + index++;
            try {
                JsonObject body = PresenceBody.parse(text, config.json());
                Snowflake user = PresenceBody.user(body);
                JsonObject stored = PresenceBody.inGuild(body, guild);
                bytes += stored.length();
                presences.put(user.value(), StoredPresence.of(stored, decision.offset()));
            } catch (RefusedException e) {
                throw e.below(pointer);
            }
        }
        Chunk chunk = bulk.getChunk();
        if (chunk != null) {
            return stage(guild.value(), bulk.getReplace(), chunk, presences, bytes, decision);
        }
        if (bulk.getReplace()) {
            replaceAll(guild.value(), presences, decision);
        } else {
            presences.forEach((user, presence) -> table().replace(decision, guild.value(), user, presence));
        }
        return Outcome.done();
    }

    private void replaceAll(long guild, Map<Long, StoredPresence> presences, Decision decision) {
        if (table().isSmall(decision, guild, config.appliedAtOnce())) {
            Set<Long> listed = new HashSet<>(presences.keySet());
            table().removeOthers(decision, guild, listed);
            presences.forEach((user, presence) -> table().replace(decision, guild, user, presence));
        } else {
            bulkWrites().replaceAll(decision, guild, presences);
        }
    }

    private Outcome stage(
            long guild,
            boolean replace,
            Chunk chunk,
            Map<Long, StoredPresence> presences,
            long bytes,
            Decision decision)
            throws RefusedException {
        if (chunk.getIndex() < 0) {
            throw RefusedException.invalid("/chunk/index", "0 or greater");
        }
        String batchId = chunk.getBatchId();
        OpenBatch open = bulkWrites().open(decision, guild, batchId);
        OpenBatch before = open == null ? OpenBatch.begin(decision.offset(), decision.logTime(), replace) : open;
        if (chunk.getIndex() < before.next()) {
            return Outcome.done();
        }
        if (chunk.getIndex() > before.next()) {
            throw new RefusedException(
                    409, "chunk_missing", "/chunk/index", "chunks come in order from 0, without one refused before");
        }
        if (before.replace() != replace) {
            throw RefusedException.invalid("/replace", "the same in all chunks of a bulk");
        }
        OpenBatch grown = before.withChunk(presences.size(), bytes);
        if (grown.count() > config.bulkMaxCount() || grown.bytes() > config.bulkMaxBytes()) {
            throw new RefusedException(
                    413,
                    "too_large",
                    "/presences",
                    "a bulk has at most " + config.bulkMaxCount() + " presences and " + config.bulkMaxBytes()
                            + " bytes");
        }
        if (chunk.getLast()) {
            bulkWrites().stageLast(decision, guild, batchId, grown, presences);
            return Outcome.done();
        }
        bulkWrites().stage(decision, guild, batchId, grown, presences);
        if (open == null) {
            bulkWrites()
                    .discardOne(decision, decision.logTime() - config.batchAge().toMillis());
        }
        return Outcome.done();
    }

    private Outcome remove(Snowflake guild, RemovePresence remove, Decision decision) throws RefusedException {
        Snowflake user = userOf(remove.getUserId());
        if (remove.getCondition() != null) {
            Precondition.check(remove.getCondition(), versionOf(table().get(decision, guild.value(), user.value())));
        }
        table().remove(decision, guild.value(), user.value());
        return Outcome.done();
    }

    private Outcome purge(Snowflake guild, Decision decision) {
        replaceAll(guild.value(), Map.of(), decision);
        return Outcome.done();
    }

    private Outcome dispatch(Snowflake guild, GatewayDispatch dispatch, Decision decision) throws RefusedException {
        GatewayDispatches.Translated translated = GatewayDispatches.translate(dispatch.getT(), dispatch.getD(), config);
        if (translated.guild() != null && !translated.guild().equals(guild)) {
            throw new RefusedException(400, "wrong_key", "key", "the guild that the dispatch is about");
        }
        List<byte[]> emitted = new ArrayList<>();
        for (PresenceCommand command : translated.commands()) {
            if (command.getCommand() instanceof UpdatePresence update) {
                byte[] change = update(guild, update, decision).emitted();
                if (change != null) {
                    emitted.add(change);
                }
            } else {
                decideOne(guild, command.getCommand(), decision);
            }
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(utf8("{\"emitted\":["));
        for (int i = 0; i < emitted.size(); i++) {
            if (i > 0) {
                body.write(',');
            }
            body.writeBytes(emitted.get(i));
        }
        body.writeBytes(utf8("]}"));
        return Outcome.answered(body.toByteArray());
    }

    /** The presence a command is about: by the address it was sent to, else by the ids in the body. */
    private Addressed address(Snowflake guild, @Nullable String userId, String text) throws RefusedException {
        JsonObject body = PresenceBody.parse(text, config.json());
        if (userId != null) {
            Snowflake user = userOf(userId);
            return new Addressed(user, PresenceBody.at(body, guild, user));
        }
        if (!PresenceBody.guild(body).equals(guild)) {
            throw new RefusedException(400, "wrong_key", "key", "the guild that the body names");
        }
        return new Addressed(PresenceBody.user(body), body);
    }

    private static @Nullable Long versionOf(@Nullable StoredPresence current) {
        return current == null ? null : current.version();
    }

    private void tell(
            Decision decision,
            long guild,
            long user,
            long source,
            @Nullable StoredPresence old,
            @Nullable StoredPresence now) {
        Snowflake guildId = new Snowflake(guild);
        SourcePosition position = new SourcePosition(decision.partition(), source);
        long unit = decision.offset();
        decision.tell(
                guildId.toPath(),
                (index, last) -> encoder.apply(PresenceChanged.newBuilder()
                        .setGuildId(guildId.toString())
                        .setUserId(new Snowflake(user).toString())
                        .setOld(old == null ? null : old.text())
                        .setNew$(now == null ? null : now.text())
                        .setOldStatus(old == null ? null : old.status().avro())
                        .setNewStatus(now == null ? null : now.status().avro())
                        .setSource(position)
                        .setUnitOffset(unit)
                        .setUnitIndex(index)
                        .setUnitLast(last)
                        .build()));
    }

    private static Snowflake guildOf(Path key) throws RefusedException {
        if (key.size() == 1) {
            try {
                return Snowflake.parse(key.part(0));
            } catch (IllegalArgumentException e) {
                throw wrongKey();
            }
        }
        throw wrongKey();
    }

    private static RefusedException wrongKey() {
        return new RefusedException(400, "wrong_key", "key", "one part: a guild id in canonical decimal");
    }

    private static Snowflake userOf(String userId) throws RefusedException {
        try {
            return Snowflake.parse(userId);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("/user_id", "an unsigned 64-bit id in canonical decimal");
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private PresenceTable table() {
        return Objects.requireNonNull(table, "open");
    }

    private BulkWrites bulkWrites() {
        return Objects.requireNonNull(bulkWrites, "open");
    }

    private record Addressed(Snowflake user, JsonObject body) {}

    /** What an update did; {@code now} is null when it was no change. */
    private record Update(
            Snowflake guild,
            @Nullable StoredPresence old,
            @Nullable StoredPresence now) {

        Outcome outcome() {
            byte[] change = change("{\"changed\":true,\"guild_id\":\"");
            return Outcome.answered(change == null ? UNCHANGED : change);
        }

        byte @Nullable [] emitted() {
            return change("{\"guild_id\":\"");
        }

        private byte @Nullable [] change(String head) {
            if (now == null) {
                return null;
            }
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            json.writeBytes(utf8(head + guild + "\",\"old\":"));
            json.writeBytes(old == null ? utf8("null") : old.json());
            json.writeBytes(utf8(",\"new\":"));
            json.writeBytes(now.json());
            json.write('}');
            return json.toByteArray();
        }
    }
}
