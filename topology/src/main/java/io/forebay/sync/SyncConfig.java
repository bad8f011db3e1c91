package io.forebay.sync;

import io.forebay.config.ConfigReader;
import io.forebay.config.Key;
import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.topic.TopicCatalogue;
import io.forebay.sync.rule.AccessRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of record sync.
 *
 * @param model the tables; null where no model is given and record sync is off
 * @param rules who may see what of them; null where there is no model
 * @param deletedRetention how long it is known of a record that it was deleted
 * @param changeRetention how long a change can be asked for by its id
 * @param batchMaxCount changes of one call
 * @param preloadMaxRows rows that one read loads
 * @param transactionWait how long the rest of a transaction is waited for after each of its changes, and once more
 * @param subscriberClaim the claim of a token that says by which names its holder subscribes; empty: by any
 * @param watchersRequired whether nobody can subscribe by watchers before they are defined
 * @param commitInterval how often stages commit, which is when the next stage gets what they sent
 */
public record SyncConfig(
        @Nullable Model model,
        @Nullable AccessRules rules,
        Duration deletedRetention,
        Duration changeRetention,
        int batchMaxCount,
        int preloadMaxRows,
        Duration transactionWait,
        String subscriberClaim,
        boolean watchersRequired,
        Duration commitInterval) {

    private static final Duration DAY = Duration.ofDays(1);

    /** Name of the capability, in configuration and in the application id. */
    public static final String CAPABILITY = TopicCatalogue.SYNC;

    /** What holds where nothing is configured. */
    public static SyncConfig defaults() {
        return new SyncConfig(
                null,
                null,
                DAY.multipliedBy(7),
                DAY,
                1_000,
                10_000,
                Duration.ofSeconds(2),
                "sub",
                false,
                Duration.ofMillis(25));
    }

    private static final SyncConfig DEFAULTS = defaults();

    /** The file of the model. */
    public static final Key<String> MODEL = Key.text(
            "forebay.sync.model",
            null,
            "a path",
            Pattern.compile("[^\\x00]+"),
            "File of the tables, their primary keys and their associations, in YAML or JSON. Record sync is on where there is"
                    + " one.");

    private static final Key<String> RULES = Key.text(
            "forebay.sync.rules",
            null,
            "a path",
            Pattern.compile("[^\\x00]+"),
            "File of who may see which rows of the model's tables, and which columns nobody gets, in YAML or JSON. Everybody may"
                    + " see everything where there is none.");

    private static final Key<Duration> DELETED_RETENTION = Key.duration(
            "forebay.sync.deleted.retention",
            DEFAULTS.deletedRetention(),
            Duration.ofSeconds(1),
            DAY.multipliedBy(3650),
            "How long it is known of a record that it was deleted, so that a change from before is not taken for a new one.");

    private static final Key<Duration> CHANGE_RETENTION = Key.duration(
            "forebay.sync.changes.retention",
            DEFAULTS.changeRetention(),
            Duration.ofSeconds(1),
            DAY.multipliedBy(3650),
            "How long a change can be asked for by its id, and is not taken a second time under it.");

    private static final Key<Integer> BATCH_COUNT =
            Key.integer("forebay.sync.batch.max.count", DEFAULTS.batchMaxCount(), 1, 10_000, "Changes of one call.");

    private static final Key<Integer> PRELOAD_ROWS = Key.integer(
            "forebay.sync.preload.max.rows",
            DEFAULTS.preloadMaxRows(),
            1,
            1_000_000,
            "Rows that one read loads, each counted as often as associations lead to it.");

    private static final Key<Duration> TRANSACTION_WAIT = Key.duration(
            "forebay.sync.transactions.wait",
            DEFAULTS.transactionWait(),
            Duration.ofMillis(10),
            Duration.ofMinutes(10),
            "How long nothing may be heard of a transaction that lacks changes, twice in a row, before subscribers are told"
                    + " those that are there.");

    private static final Key<String> SUBSCRIBER_CLAIM = Key.text(
            "forebay.sync.subscriber.claim",
            DEFAULTS.subscriberClaim(),
            "the name of a claim, or nothing",
            Pattern.compile("[^\\x00]*"),
            "Claim of a token that says by which names its holder subscribes and is told: by its value, and by names that begin with it"
                    + " and a slash. Nothing: whoever has a token may use any name, which is for services that look after it. It is"
                    + " not asked for where no identity is configured.");

    private static final Key<Boolean> WATCHERS_REQUIRED = Key.flag(
            "forebay.sync.watchers.required",
            DEFAULTS.watchersRequired(),
            "Whether watchers have to be defined before anybody can subscribe by them. Otherwise there are three for each table of"
                    + " the model until then.");

    private static final Key<Duration> COMMIT_INTERVAL = Key.duration(
            "forebay.sync.commit.interval",
            DEFAULTS.commitInterval(),
            Duration.ofMillis(1),
            Duration.ofSeconds(5),
            "How often record sync commits, in place of commit.interval.ms. A change comes to its subscribers by three commits in a"
                    + " row, and four where rows meet by associations.");

    /** All keys, for the reference. */
    public static List<Key<?>> keys() {
        return List.of(
                MODEL,
                RULES,
                DELETED_RETENTION,
                CHANGE_RETENTION,
                BATCH_COUNT,
                PRELOAD_ROWS,
                TRANSACTION_WAIT,
                SUBSCRIBER_CLAIM,
                WATCHERS_REQUIRED,
                COMMIT_INTERVAL);
    }

    /** Reads it. */
    public static SyncConfig read(ConfigReader reader) {
        Model model = model(reader);
        return new SyncConfig(
                model,
                rules(reader, model),
                reader.get(DELETED_RETENTION),
                reader.get(CHANGE_RETENTION),
                reader.get(BATCH_COUNT),
                reader.get(PRELOAD_ROWS),
                reader.get(TRANSACTION_WAIT),
                reader.get(SUBSCRIBER_CLAIM),
                reader.get(WATCHERS_REQUIRED),
                reader.get(COMMIT_INTERVAL));
    }

    private static @Nullable Model model(ConfigReader reader) {
        String file = reader.find(MODEL);
        return file == null ? null : read(reader, MODEL, file, "a model: ", ModelFile::parse);
    }

    private static @Nullable AccessRules rules(ConfigReader reader, @Nullable Model model) {
        String file = reader.find(RULES);
        if (file != null && reader.find(MODEL) == null) {
            reader.problem(RULES.name(), "beside " + MODEL.name() + ", whose tables the rules are for");
        }
        if (model == null) {
            return null;
        }
        return file == null
                ? AccessRules.open(model)
                : read(reader, RULES, file, "rules: ", text -> AccessRules.parse(text, model));
    }

    private static <T> @Nullable T read(
            ConfigReader reader, Key<String> key, String file, String what, Function<String, T> parser) {
        try {
            return parser.apply(Files.readString(Path.of(file)));
        } catch (IOException | InvalidPathException e) {
            reader.problem(key.name(), "a file in UTF-8 that can be read");
        } catch (InvalidFileException e) {
            e.problems().forEach(problem -> reader.problem(key.name(), what + problem));
        }
        return null;
    }
}
