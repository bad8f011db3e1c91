package io.forebay.presence;

import static io.forebay.presence.Commands.bulk;
import static io.forebay.presence.Commands.chunk;
import static io.forebay.presence.Commands.createPresence;
import static io.forebay.presence.Commands.json;
import static io.forebay.presence.Commands.replacement;
import static io.forebay.presence.Commands.updatePresence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.forebay.presence.query.CountPresences;
import io.forebay.presence.query.PresenceCounts;
import io.forebay.schemas.avro.Chunk;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.json.JsonLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bulk writes and purges: all or nothing, in one record or in chunks, and visible at once however many ticks it takes to
 * carry them out. At most two presences are gone through in one decision here.
 */
class PresenceBulkTest {

    private static final Duration BATCH_AGE = Duration.ofHours(1);
    private static final PresenceConfig TINY =
            new PresenceConfig(JsonLimits.defaults(), 2, 2, 4, 1_000, BATCH_AGE, 10, 10_000);

    private PresenceDriver driver;

    @BeforeEach
    void open(@TempDir Path dir) {
        driver = new PresenceDriver(dir, TINY);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void bulkReplacesThoseListedWholeAndLeavesTheOthers() {
        driver.send("7", createPresence("1", "{'status':'idle','x':1}"));
        driver.send("7", createPresence("2", "{'status':'dnd'}"));

        driver.send("7", bulk(user(1, "online")));

        assertThat(driver.presence(7, 1)).isEqualTo(user(1, "online"));
        assertThat(driver.presence(7, 2)).isEqualTo(json("{'status':'dnd'}"));
    }

    @Test
    void bodiesAreStoredWithoutAGuildWhereTheyNameNoneAndCorrectedWhereTheyNameAnother() {
        driver.send("7", bulk("{'user':{'id':1}}", "{'guild_id':9,'user':{'id':'2'}}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'user':{'id':1}}"));
        assertThat(driver.presence(7, 2)).isEqualTo(json("{'guild_id':7,'user':{'id':'2'}}"));
        assertThat(driver.presence(9, 2)).isNull();
    }

    @Test
    void ofTwoForOneUserTheLaterWins() {
        driver.send("7", bulk(user(1, "idle"), "{'user':{'id':1},'status':'dnd'}"));

        assertThat(driver.changes())
                .extracting(PresenceChanged::getNew$)
                .containsExactly(json("{'user':{'id':1},'status':'dnd'}"));
    }

    @Test
    void anEmptyBulkDoesNothing() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.changes();

        driver.send("7", bulk());

        assertThat(driver.changes()).isEmpty();
        assertThat(driver.refusals()).isEmpty();
        assertThat(driver.presence(7, 1)).isNotNull();
    }

    @Test
    void oneBadPresenceIsRefusedWithAllTheOthers() {
        driver.send("7", bulk(user(1, "idle"), "{'user':{'id':'18446744073709551616'}}", user(3, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /presences/1/user/id: ");
        assertThat(driver.changes()).isEmpty();
        assertThat(driver.ask(new CountPresences(7)).total()).isZero();
    }

    @Test
    void onePresenceThatIsNoJsonIsRefusedWithAllTheOthers() {
        driver.send("7", bulk(user(1, "idle"), "{'user':"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid_json /presences/1/user: ");
        assertThat(driver.ask(new CountPresences(7)).total()).isZero();
    }

    @Test
    void oneBadPresenceOfAReplacementRemovesNobody() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));

        driver.send("7", replacement(user(2, "dnd"), "{'user':{}}"));

        assertThat(driver.presence(7, 1)).isNotNull();
        assertThat(driver.presence(7, 2)).isNull();
    }

    @Test
    void aReplacementRemovesThoseNotListed() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.send("7", createPresence("2", "{'status':'idle'}"));

        driver.send("7", replacement(user(2, "dnd"), user(3, "dnd")));

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.presence(7, 2)).isEqualTo(user(2, "dnd"));
        assertThat(driver.presence(7, 3)).isEqualTo(user(3, "dnd"));
    }

    @Test
    void aReplacementOfALargeGuildIsVisibleBeforeItIsCarriedOut() {
        driver.send("7", bulk(user(1, "idle"), user(2, "idle"), user(3, "idle")));

        driver.send("7", replacement(user(3, "dnd"), user(4, "dnd")));

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.presence(7, 3)).isEqualTo(user(3, "dnd"));
        assertThat(driver.presence(7, 4)).isEqualTo(user(4, "dnd"));
        assertThat(driver.ask(new CountPresences(7)).total()).isEqualTo(2);
    }

    @Test
    void aGuildIsCountedWithoutBeingGoneThroughWhileBulkWritesAreCarriedOut() {
        String[] many =
                IntStream.rangeClosed(1, 60).mapToObj(id -> user(id, "idle")).toArray(String[]::new);
        driver.send("7", bulk(many));
        driver.send("7", chunk("a", 0, false, user(1, "dnd"), user(2, "dnd")));
        driver.send("7", chunk("a", 1, true, user(61, "dnd")));
        driver.send("7", new PurgePresences());
        driver.send("7", replacement(user(3, "online")));
        driver.runOneTick();

        Counted counted = driver.ask(view -> {
            long before = view.entriesRead();
            PresenceCounts counts = new CountPresences(7).evaluate(view);
            return new Counted(counts, view.entriesRead() - before);
        });

        assertThat(counted.counts().statuses()).isEqualTo(Map.of("online", 1L));
        assertThat(counted.counts().pending()).isPositive();
        assertThat(counted.entriesRead()).isLessThan(20);
    }

    private record Counted(PresenceCounts counts, long entriesRead) {}

    @Test
    void aLargePurgeIsToldByTicksFromTheRecordThatOrderedIt() {
        driver.send("7", bulk(user(1, "idle"), user(2, "idle"), user(3, "idle")));
        driver.changes();
        long purge = driver.send("7", new PurgePresences());

        driver.runTicks();

        assertThat(driver.changes()).hasSize(3).allSatisfy(change -> {
            assertThat(change.getNew$()).isNull();
            assertThat(change.getSource().getOffset()).isEqualTo(purge);
            assertThat(change.getUnitOffset()).isGreaterThan(purge);
        });
    }

    @Test
    void aCommandAmidAPurgeFindsItsPresencePurgedAlready() {
        driver.send("7", bulk(user(1, "idle"), user(2, "idle"), user(3, "idle")));
        long purge = driver.send("7", new PurgePresences());
        driver.changes();

        long update = driver.send("7", updatePresence("2", "{'status':'dnd'}"));

        assertThat(driver.changes())
                .extracting(
                        PresenceChanged::getOld,
                        PresenceChanged::getNew$,
                        change -> change.getSource().getOffset())
                .containsExactly(tuple(user(2, "idle"), null, purge), tuple(null, json("{'status':'dnd'}"), update));
    }

    @Test
    void chunksAreInvisibleBeforeTheLast() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));

        driver.send("7", chunk("b", 1, false, user(2, "idle")));

        assertThat(driver.ask(new CountPresences(7)).total()).isZero();
        assertThat(driver.changes()).isEmpty();
    }

    @Test
    void theLastChunkShowsAllOfThem() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));
        driver.send("7", chunk("b", 1, false, user(2, "idle")));

        driver.send("7", chunk("b", 2, true, user(1, "dnd")));

        assertThat(driver.presence(7, 1)).isEqualTo(user(1, "dnd"));
        assertThat(driver.presence(7, 2)).isEqualTo(user(2, "idle"));
        assertThat(driver.ask(new CountPresences(7)).total()).isEqualTo(2);
    }

    @Test
    void bulksOfSeveralSendersDoNotMix() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));
        driver.send("7", chunk("c", 0, false, user(2, "idle")));

        driver.send("7", chunk("c", 1, true, user(3, "idle")));

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.presence(7, 2)).isNotNull();
        assertThat(driver.presence(7, 3)).isNotNull();
    }

    @Test
    void aChunkSentAgainCountsOnce() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));
        driver.send("7", chunk("b", 0, false, user(1, "idle")));

        driver.send("7", chunk("b", 1, true, user(2, "idle")));

        assertThat(driver.refusals()).isEmpty();
        assertThat(driver.ask(new CountPresences(7)).total()).isEqualTo(2);
    }

    @Test
    void aChunkAfterAGapIsRefused() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));

        driver.send("7", chunk("b", 2, true, user(3, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("chunk_missing /chunk/index: ");
        assertThat(driver.ask(new CountPresences(7)).total()).isZero();
    }

    @Test
    void aChunkOfNoBulkThatWasBegunIsRefused() {
        driver.send("7", chunk("b", 1, true, user(1, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("chunk_missing /chunk/index: ");
    }

    @Test
    void aNegativeChunkIsRefused() {
        driver.send("7", chunk("b", -1, true, user(1, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /chunk/index: ");
    }

    @Test
    void aBulkOfWhichAChunkWasRefusedNeverShows() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));
        driver.send("7", chunk("b", 1, false, "{'user':{}}"));
        driver.refusals();

        driver.send("7", chunk("b", 2, true, user(3, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("chunk_missing ");
        assertThat(driver.ask(new CountPresences(7)).total()).isZero();
    }

    @Test
    void chunksThatDisagreeOnReplacingAreRefused() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));

        driver.send("7", bulk(true, new Chunk("b", 1, true), user(2, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /replace: ");
    }

    @Test
    void aBulkOfTooManyIsRefused() {
        driver.send("7", chunk("b", 0, false, user(1, "idle"), user(2, "idle"), user(3, "idle")));

        driver.send("7", chunk("b", 1, true, user(4, "idle"), user(5, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("too_large /presences: ");
        assertThat(driver.ask(new CountPresences(7)).total()).isZero();
    }

    @Test
    void aBulkOfTooManyBytesIsRefused() {
        driver.send("7", chunk("b", 0, false, user(1, "y".repeat(600))));

        driver.send("7", chunk("b", 1, true, user(2, "y".repeat(600))));

        assertThat(driver.refusals()).singleElement().asString().startsWith("too_large /presences: ");
    }

    @Test
    void aBulkThatNeverEndedIsGivenUpWhenAnotherBegins() {
        driver.send("8", chunk("left", 0, false, user(1, "idle"), user(2, "idle"), user(3, "idle")));
        driver.advance(BATCH_AGE.plusMillis(1));
        driver.send("7", chunk("b", 0, false, user(1, "idle")));

        driver.runTicks();

        assertThat(driver.ask(new CountPresences(8)).pending()).isZero();
        assertThat(driver.ask(new CountPresences(7)).pending()).isEqualTo(1);
        assertThat(driver.changes()).isEmpty();
    }

    @Test
    void aBulkThatWasGivenUpDoesNotGoOn() {
        driver.send("7", chunk("left", 0, false, user(1, "idle")));
        driver.advance(BATCH_AGE.plusMillis(1));
        driver.send("7", chunk("b", 0, false, user(2, "idle")));

        driver.send("7", chunk("left", 1, true, user(3, "idle")));

        assertThat(driver.refusals()).singleElement().asString().startsWith("chunk_missing ");
        assertThat(driver.ask(new CountPresences(7)).total()).isZero();
    }

    @Test
    void aBulkGoesOnBesideAnotherWhileItIsYoung() {
        driver.send("7", chunk("a", 0, false, user(1, "idle")));
        driver.advance(BATCH_AGE);
        driver.send("7", chunk("b", 0, false, user(2, "idle")));

        driver.send("7", chunk("a", 1, true, user(3, "idle")));

        assertThat(driver.refusals()).isEmpty();
        assertThat(driver.ask(new CountPresences(7)).total()).isEqualTo(2);
    }

    @Test
    void aBatchIdUsedAgainIsAnotherBulk() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));
        driver.send("7", chunk("b", 1, true, user(2, "idle")));

        driver.send("7", chunk("b", 0, false, user(2, "dnd"), user(3, "dnd")));

        assertThat(driver.presence(7, 2)).isEqualTo(user(2, "idle"));
        assertThat(driver.presence(7, 3)).isNull();
    }

    @Test
    void aBatchIdUsedAgainSurvivesTheFoldOfTheFirst() {
        driver.send("7", chunk("b", 0, false, user(1, "idle")));
        driver.send("7", chunk("b", 1, true, user(2, "idle")));
        driver.send("7", chunk("b", 0, false, user(3, "dnd")));
        driver.runTicks();

        driver.send("7", chunk("b", 1, true, user(4, "dnd")));

        assertThat(driver.presence(7, 3)).isEqualTo(user(3, "dnd"));
        assertThat(driver.ask(new CountPresences(7)).total()).isEqualTo(4);
    }

    @Test
    void aBatchIdUsedAgainAfterItWasGivenUpIsAnotherBulk() {
        driver.send("7", chunk("left", 0, false, user(1, "idle")));
        driver.advance(BATCH_AGE.plusMillis(1));
        driver.send("7", chunk("b", 0, false, user(2, "idle")));
        driver.send("7", chunk("left", 0, false, user(3, "idle")));
        driver.runTicks();

        driver.send("7", chunk("left", 1, true, user(4, "idle")));

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.presence(7, 3)).isEqualTo(user(3, "idle"));
        assertThat(driver.presence(7, 4)).isEqualTo(user(4, "idle"));
    }

    private static String user(int id, String status) {
        return json("{'user':{'id':'" + id + "'},'status':'" + status + "'}");
    }
}
