package io.forebay.keys;

import io.forebay.command.Decider;
import io.forebay.command.Decision;
import io.forebay.command.Outcome;
import io.forebay.command.OwnCommand;
import io.forebay.command.Precondition;
import io.forebay.command.RefusedException;
import io.forebay.keys.state.KeyTable;
import io.forebay.keys.state.Placements;
import io.forebay.keys.state.Renewals;
import io.forebay.keys.state.StoredKey;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.DeleteKey;
import io.forebay.schemas.avro.DeleteKeys;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.DeleteWhere;
import io.forebay.schemas.avro.KeyChange;
import io.forebay.schemas.avro.KeyChanged;
import io.forebay.schemas.avro.KeyCommand;
import io.forebay.schemas.avro.PlaceKeys;
import io.forebay.schemas.avro.PlacedNamespace;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import io.forebay.schemas.avro.RenewKey;
import io.forebay.schemas.avro.RenewKeys;
import io.forebay.schemas.avro.ReplaceKeys;
import io.forebay.schemas.avro.SourcePosition;
import io.forebay.schemas.avro.TouchKeys;
import io.forebay.schemas.json.JsonFilter;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.KeyPlacement;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.store.PartitionStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands to keys.
 *
 * <p>A command is all or nothing: every condition and rule is checked against what is there before it, then all of it takes
 * effect. A key that a command touches expires first if its time has come by log time, and a tick lets expire what nothing
 * touches; so an expiry is told once, with the last value, and in order with the puts and touches of its key.
 *
 * <p>A put whose lifetime is 0 stores nothing, and what was there is deleted. A touch moves a record's end and leaves its
 * version alone, which is the value's.
 */
public final class KeysDecider implements Decider<KeyCommand> {

    /** Keys of one command that the owner sends itself, and characters of them. */
    private static final int RENEWED_BY_COMMAND = 1_000;

    private static final int RENEWED_TEXT = 64 * 1024;

    private static final long LEAST_TOLD = 32 * 1024 * 1024;

    private final TopicSpec input;
    private final KeysConfig config;
    private final Function<KeyChanged, byte[]> encoder;
    private final Function<KeyCommand, byte[]> commandEncoder;
    private final Renewals renewals = new Renewals();

    private long told;
    private @Nullable KeyTable table;
    private @Nullable Placements placements;

    /**
     * A decider for one task.
     *
     * @param input the topic of the commands
     * @param encoder of sync records
     * @param commandEncoder of commands that the owner sends itself
     */
    public KeysDecider(
            TopicSpec input,
            KeysConfig config,
            Function<KeyChanged, byte[]> encoder,
            Function<KeyCommand, byte[]> commandEncoder) {
        this.input = input;
        this.config = config;
        this.encoder = encoder;
        this.commandEncoder = commandEncoder;
    }

    @Override
    public void open(PartitionStore store) {
        table = new KeyTable(store, this::tell);
        placements = new Placements(store);
        store.attach(renewals);
    }

    @Override
    public void checkKey(Path key) throws RefusedException {
        if (key.toString().length() > config.keyMaxBytes()) {
            throw new RefusedException(
                    400, "wrong_key", "key", "a path of at most " + config.keyMaxBytes() + " characters");
        }
    }

    @Override
    public KeyPlacement placement() {
        return placements().current();
    }

    @Override
    public Outcome decide(Path key, KeyCommand command, Decision decision) throws RefusedException {
        return withinBounds(() -> decideOne(key, command, decision));
    }

    private Outcome withinBounds(Deciding deciding) throws RefusedException {
        told = 0;
        try {
            return deciding.decide();
        } catch (TellsTooMuchException e) {
            throw new RefusedException(
                    413, "too_large", null, "a command that changes at most " + mostTold() + " bytes of values");
        }
    }

    private Outcome decideOne(Path key, KeyCommand command, Decision decision) throws RefusedException {
        Object asked = command.getCommand();
        KeyRules rules = rules(decision);
        if (asked instanceof PutKeys put) {
            return put(key, put, rules, decision);
        } else if (asked instanceof TouchKeys touch) {
            return touch(key, touch, rules, decision);
        } else if (asked instanceof DeleteKeys delete) {
            return delete(key, delete, rules, decision);
        } else if (asked instanceof DeleteMatch delete) {
            PathMatch match = rules.match(delete.getMatch(), "/match");
            if (!match.literalPrefix().get(0).equals(key.part(0))) {
                throw RefusedException.invalid("/match", "in the namespace of the record key");
            }
            return deleteMatch(match, decision);
        } else if (asked instanceof ReplaceKeys replace) {
            return replace(replace, rules, decision);
        }
        throw RefusedException.invalid("command", "one of the commands this version knows");
    }

    @Override
    public Outcome decideForPartition(KeyCommand command, Decision decision) throws RefusedException {
        return withinBounds(() -> decideOneForPartition(command.getCommand(), decision));
    }

    private Outcome decideOneForPartition(Object asked, Decision decision) throws RefusedException {
        if (asked instanceof DeleteMatch delete) {
            return deleteMatch(rules(decision).match(delete.getMatch(), "/match"), decision);
        } else if (asked instanceof PlaceKeys place) {
            return place(place, decision);
        } else if (asked instanceof RenewKeys renew) {
            return renew(renew, decision);
        }
        throw new RefusedException(400, "wrong_key", "key", "the key of what the command is about");
    }

    @Override
    public boolean hasPendingWork() {
        return table().hasPendingWork();
    }

    @Override
    public void proceed(Decision decision) {
        told = 0;
        table().carryOut(decision, config.carriedPerTick());
        table().expire(decision, config.carriedPerTick());
    }

    @Override
    public List<OwnCommand> ownCommands(long now) {
        List<OwnCommand> commands = new ArrayList<>();
        List<Renewals.Renewal> part = new ArrayList<>();
        int text = 0;
        for (Renewals.Renewal renewal : renewals.take(now)) {
            if (part.size() == RENEWED_BY_COMMAND || text >= RENEWED_TEXT) {
                commands.add(renewal(part));
                part = new ArrayList<>();
                text = 0;
            }
            part.add(renewal);
            text += renewal.key().toString().length();
        }
        if (!part.isEmpty()) {
            commands.add(renewal(part));
        }
        return commands;
    }

    private OwnCommand renewal(List<Renewals.Renewal> part) {
        List<RenewKey> records = part.stream()
                .map(renewal -> new RenewKey(renewal.key().toString(), renewal.at()))
                .toList();
        byte[] value = commandEncoder.apply(new KeyCommand(new RenewKeys(records)));
        return new OwnCommand(ReservedKeys.partition(), value, () -> renewals.untold(part));
    }

    @Override
    public long dueAt() {
        return table().dueAt();
    }

    private Outcome put(Path recordKey, PutKeys put, KeyRules rules, Decision decision) throws RefusedException {
        Map<Path, StoredKey> records = records(put.getRecords(), "/records", rules, decision);
        checkKeys(recordKey, records.keySet(), "/records");
        store(records, decision);
        return answered(version(decision));
    }

    /** Reads and checks what is to be put, conditions included. */
    private Map<Path, StoredKey> records(List<PutKey> puts, String pointer, KeyRules rules, Decision decision)
            throws RefusedException {
        rules.count(puts.size(), pointer);
        Map<Path, StoredKey> records = new LinkedHashMap<>();
        for (int i = 0; i < puts.size(); i++) {
            PutKey put = puts.get(i);
            String at = pointer + "/" + i;
            Path key = rules.key(put.getKey(), at + "/key");
            records.put(key, rules.record(put, decision.offset(), decision.logTime(), at));
            check(put.getCondition(), key, puts.size() == 1 ? null : at + "/condition", decision);
        }
        return records;
    }

    private void store(Map<Path, StoredKey> records, Decision decision) {
        records.forEach((key, record) -> {
            if (record.isExpired(decision.logTime())) {
                table().delete(decision, key);
            } else {
                table().get(decision, key);
                table().put(decision, key, record);
            }
        });
    }

    private Outcome touch(Path recordKey, TouchKeys touch, KeyRules rules, Decision decision) throws RefusedException {
        List<String> texts = touch.getKeys();
        rules.count(texts.size(), "/keys");
        Map<Path, Integer> keys = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            keys.put(rules.key(texts.get(i), "/keys/" + i), i);
        }
        checkKeys(recordKey, keys.keySet(), "/keys");
        long at = touch.getAt() == null ? decision.logTime() : touch.getAt();
        int touched = 0;
        for (Path key : keys.keySet()) {
            touched += table().touch(decision, key, at) ? 1 : 0;
        }
        return answered(number("touched", touched));
    }

    private Outcome renew(RenewKeys renew, Decision decision) throws RefusedException {
        KeyRules rules = rules(decision);
        if (renew.getRecords().size() > RENEWED_BY_COMMAND) {
            throw new RefusedException(413, "too_large", "/records", "at most " + RENEWED_BY_COMMAND + " keys");
        }
        int renewed = 0;
        for (int i = 0; i < renew.getRecords().size(); i++) {
            RenewKey record = renew.getRecords().get(i);
            Path key = rules.keyHere(record.getKey(), "/records/" + i + "/key");
            renewed += table().renew(decision, key, record.getAt()) ? 1 : 0;
        }
        return answered(number("renewed", renewed));
    }

    private Outcome delete(Path recordKey, DeleteKeys delete, KeyRules rules, Decision decision)
            throws RefusedException {
        List<DeleteKey> records = delete.getRecords();
        rules.count(records.size(), "/records");
        Map<Path, Integer> keys = new LinkedHashMap<>();
        for (int i = 0; i < records.size(); i++) {
            DeleteKey record = records.get(i);
            Path key = rules.key(record.getKey(), "/records/" + i + "/key");
            check(record.getCondition(), key, records.size() == 1 ? null : "/records/" + i + "/condition", decision);
            keys.put(key, i);
        }
        checkKeys(recordKey, keys.keySet(), "/records");
        keys.keySet().forEach(key -> table().delete(decision, key));
        return Outcome.done();
    }

    private Outcome deleteMatch(PathMatch match, Decision decision) throws RefusedException {
        OptionalInt deleted =
                table().deleteMatching(decision, match, KeysDecider::any, config.deletedAtOnce(), config.deleteMax());
        if (deleted.isEmpty()) {
            throw new RefusedException(
                    413,
                    "too_large",
                    "/match",
                    "a match that concerns at most " + config.deleteMax() + " keys of a partition");
        }
        return answered(number("deleted", deleted.getAsInt()));
    }

    private Outcome replace(ReplaceKeys replace, KeyRules rules, Decision decision) throws RefusedException {
        List<DeleteWhere> deletes = replace.getDelete();
        rules.count(deletes.size() + replace.getPut().size(), "");
        int deleted = 0;
        for (int i = 0; i < deletes.size(); i++) {
            String at = "/delete/" + i;
            PathMatch match = rules.matchHere(deletes.get(i).getMatch(), at + "/match");
            int most = config.deletedAtOnce();
            OptionalInt gone = table().deleteMatching(decision, match, where(deletes.get(i), at), most, most);
            if (gone.isEmpty()) {
                throw new RefusedException(413, "too_large", at, "a match that concerns at most " + most + " keys");
            }
            deleted += gone.getAsInt();
        }
        store(records(replace.getPut(), "/put", rules, decision), decision);
        return answered(number("deleted", deleted) + "," + version(decision));
    }

    @SuppressWarnings("UnusedVariable") // the form of a predicate
    private static boolean any(Path key, StoredKey record) {
        return true;
    }

    private Outcome place(PlaceKeys place, Decision decision) throws RefusedException {
        Map<String, Integer> together = new HashMap<>();
        for (PlacedNamespace namespace : place.getTogether()) {
            together.put(namespace.getNamespace(), namespace.getParts());
        }
        KeyPlacement wanted;
        try {
            wanted = new KeyPlacement(together);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("/together", "namespaces: " + e.getMessage());
        }
        Optional<String> conflict = placements().conflict(decision, wanted);
        if (conflict.isPresent()) {
            Integer parts = placement().together().get(conflict.get());
            throw new RefusedException(
                    409,
                    "keys_placed_otherwise",
                    "/together",
                    "the namespace " + conflict.get() + " is stored "
                            + (parts == null ? "key by key" : "together by " + parts + " parts")
                            + " and not empty: empty it first");
        }
        placements().place(decision, wanted);
        return Outcome.done();
    }

    private static BiPredicate<Path, StoredKey> where(DeleteWhere delete, String pointer) throws RefusedException {
        String text = delete.getWhere();
        if (text == null) {
            return KeysDecider::any;
        }
        JsonFilter filter;
        try {
            filter = JsonFilter.parse(text);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(pointer + "/where", String.valueOf(e.getMessage()));
        }
        JsonLimits limits = new JsonLimits(Integer.MAX_VALUE, JsonLimits.GREATEST_MAX_DEPTH);
        return (key, record) -> {
            try {
                return filter.test(JsonObject.parse(record.value(), limits));
            } catch (JsonSyntaxException notAnObject) {
                return false;
            }
        };
    }

    private void check(@Nullable Condition condition, Path key, @Nullable String pointer, Decision decision)
            throws RefusedException {
        if (condition == null) {
            return;
        }
        StoredKey current = table().get(decision, key);
        try {
            Precondition.check(condition, current == null ? null : current.version());
        } catch (RefusedException e) {
            throw pointer == null ? e : new RefusedException(e.status(), e.code(), pointer, e.rule());
        }
    }

    /** All keys are in the namespace of the record key, and it is one of them. */
    private static void checkKeys(Path recordKey, Iterable<Path> keys, String pointer) throws RefusedException {
        boolean named = false;
        boolean any = false;
        for (Path key : keys) {
            any = true;
            KeyRules.namespace(key, recordKey.part(0), pointer);
            named |= key.equals(recordKey);
        }
        if (any && !named) {
            throw new RefusedException(400, "wrong_key", "key", "one of the keys that the command names");
        }
    }

    private void tell(Decision decision, Path key, KeyChange change, long source, StoredKey record) {
        if (ReservedNamespaces.contain(key.part(0))) {
            return;
        }
        told += record.value().length;
        if (told > mostTold()) {
            throw new TellsTooMuchException();
        }
        SourcePosition position = new SourcePosition(decision.partition(), source);
        long unit = decision.offset();
        decision.tell(
                key,
                (index, last) -> encoder.apply(KeyChanged.newBuilder()
                        .setKey(key.toString())
                        .setType(change)
                        .setValue(ByteBuffer.wrap(record.value()))
                        .setContentType(record.contentType())
                        .setExpiresAt(record.expiresAt() == StoredKey.NEVER ? null : record.expiresAt())
                        .setVersion(record.version())
                        .setSource(position)
                        .setUnitOffset(unit)
                        .setUnitIndex(index)
                        .setUnitLast(last)
                        .build()));
    }

    /** What one record may tell: several values of the greatest size, and what is no burden to a transaction. */
    private long mostTold() {
        return Math.max(LEAST_TOLD, 8L * config.valueMaxBytes());
    }

    private static Outcome answered(String members) {
        return Outcome.answered(("{" + members + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static String number(String member, int number) {
        return "\"" + member + "\":" + number;
    }

    private static String version(Decision decision) {
        return "\"version\":\"" + decision.offset() + "\"";
    }

    private KeyRules rules(Decision decision) {
        return new KeyRules(placement(), input.partitions(), decision.partition(), config);
    }

    private Placements placements() {
        return Objects.requireNonNull(placements, "open");
    }

    /** The keys of the open store, for what builds on them and decides in their stead. */
    public KeyTable table() {
        return Objects.requireNonNull(table, "open");
    }

    @FunctionalInterface
    private interface Deciding {
        Outcome decide() throws RefusedException;
    }

    /** Breaks a decision off whose changes have become too large. */
    private static final class TellsTooMuchException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TellsTooMuchException() {
            super(null, null, false, false);
        }
    }
}
