package io.forebay.presence;

import static io.forebay.presence.Commands.createPresence;
import static io.forebay.presence.Commands.json;
import static io.forebay.presence.Commands.removePresence;
import static io.forebay.presence.Commands.updatePresence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.avro.PresenceStatus;
import io.forebay.schemas.avro.PurgePresences;
import io.forebay.schemas.avro.UpdatePresence;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands for single presences, and a purge, do to what is stored and told. */
class PresenceDeciderTest {

    private static final String GREATEST = "18446744073709551615";
    private static final long GREATEST_ID = -1;

    private PresenceDriver driver;

    @BeforeEach
    void open(@TempDir Path dir) {
        driver = new PresenceDriver(dir, PresenceConfig.defaults());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void createReplacesWhole() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1','username':'ada'},'status':'idle','x':1}"));

        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1'},'status':'dnd'}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'guild_id':'7','user':{'id':'1'},'status':'dnd'}"));
    }

    @Test
    void createOfWhatIsThereAlreadyIsNotTold() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1'},'status':'idle','n':1}"));
        driver.changes();

        driver.send("7", createPresence("{'n':1.0,'status':'idle','user':{'id':'1'},'guild_id':'7'}"));

        assertThat(driver.changes()).isEmpty();
    }

    @Test
    void membersThatNobodyKnowsAreKeptToTheLetter() {
        String presence =
                json("{ 'guild_id':'7', 'user':{'id':'1'},'n':1.50e2,'t':'\\u00e9\\/','deep':[{'a':[null]}]}");

        driver.send("7", createPresence(presence));

        assertThat(driver.presence(7, 1)).isEqualTo(presence);
    }

    @Test
    void aStatusThatNobodyKnowsIsToldAsOther() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1'},'status':'away'}"));

        assertThat(driver.changes()).extracting(PresenceChanged::getNewStatus).containsExactly(PresenceStatus.other);
    }

    @Test
    void theFirstUpdateIsAChangeEvenOfNobodyOnline() {
        UpdatePresence offline =
                updatePresence("{'guild_id':'7','user':{'id':'1'},'status':'offline','activities':[]}");

        driver.send("7", offline, "request");

        assertThat(driver.outcome("request", "7", offline).text())
                .isEqualTo(json("{'changed':true,'guild_id':'7','old':null,'new':"
                        + "{'guild_id':'7','user':{'id':'1'},'status':'offline','activities':[]}}"));
    }

    @Test
    void updateKeepsAbsentMembersStoresNullAndReplacesObjectsWhole() {
        driver.send(
                "7",
                createPresence(
                        "{'guild_id':'7','user':{'id':'1'},'status':'idle','game':{'a':1,'b':2},'kept':true,'gone':1}"));

        driver.send("7", updatePresence("{'guild_id':'7','user':{'id':'1'},'game':{'c':3},'gone':null}"));

        assertThat(driver.presence(7, 1))
                .isEqualTo(json("{'guild_id':'7','user':{'id':'1'},'status':'idle',"
                        + "'game':{'c':3},'kept':true,'gone':null}"));
    }

    @Test
    void aPartialUserErasesNothingOneLevelDeep() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1','username':'ada','avatar':{'a':1,'b':2}}}"));

        driver.send("7", updatePresence("{'guild_id':'7','user':{'id':'1','avatar':{'a':3}}}"));

        assertThat(driver.presence(7, 1))
                .isEqualTo(json("{'guild_id':'7','user':{'id':'1','username':'ada','avatar':{'a':3}}}"));
    }

    @Test
    void aNullInAUserIsStored() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1','username':'ada'}}"));

        driver.send("7", updatePresence("{'guild_id':'7','user':{'id':'1','username':null}}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'guild_id':'7','user':{'id':'1','username':null}}"));
    }

    @Test
    void aNullUserReplacesTheUser() {
        driver.send("7", createPresence("1", "{'user':{'id':'1','username':'ada'}}"));

        driver.send("7", updatePresence("1", "{'user':null}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'user':null}"));
    }

    @Test
    void whatIsNeitherStatusNorActivityIsStoredSilently() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1'},'status':'idle'}"));
        driver.changes();
        UpdatePresence web = updatePresence("{'guild_id':'7','user':{'id':'1'},'client_status':{'web':'idle'}}");

        driver.send("7", web, "request");

        assertThat(driver.outcome("request", "7", web).text()).isEqualTo(json("{'changed':false}"));
        assertThat(driver.changes()).isEmpty();
        assertThat(driver.presence(7, 1))
                .isEqualTo(json("{'guild_id':'7','user':{'id':'1'},'status':'idle','client_status':{'web':'idle'}}"));
    }

    @Test
    void theNextChangeHasInItsOldWhatWasStoredSilently() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1'},'status':'idle'}"));
        driver.send("7", updatePresence("{'guild_id':'7','user':{'id':'1'},'x':1}"));
        driver.changes();

        driver.send("7", updatePresence("{'guild_id':'7','user':{'id':'1'},'status':'dnd'}"));

        assertThat(driver.changes()).singleElement().satisfies(change -> {
            assertThat(change.getOld()).isEqualTo(json("{'guild_id':'7','user':{'id':'1'},'status':'idle','x':1}"));
            assertThat(change.getNew$()).isEqualTo(json("{'guild_id':'7','user':{'id':'1'},'status':'dnd','x':1}"));
            assertThat(change.getOldStatus()).isEqualTo(PresenceStatus.idle);
            assertThat(change.getNewStatus()).isEqualTo(PresenceStatus.dnd);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'x':1                          | 'x':2                            | false",
                "'status':'idle'                | 'x':2                            | false",
                "'x':1                          | 'activities':null                | true",
                "'activities':null              | 'activities':[]                  | true",
                "'status':null                  | 'status':null                    | false",
                "'activities':[{'a':1,'b':[2]}] | 'activities':[{'b':[2.0],'a':1}] | false",
                "'activities':[1,2]             | 'activities':[2,1]               | true",
                "'status':'idle'                | 'status':'\\u0069dle'            | false",
                "'status':'idle'                | 'status':'Idle'                  | true"
            })
    void aChangeIsADifferenceByValueOfStatusOrActivities(String stored, String updated, boolean changes) {
        driver.send("7", createPresence("1", "{" + stored + "}"));
        driver.changes();

        driver.send("7", updatePresence("1", "{" + updated + "}"));

        assertThat(driver.changes()).hasSize(changes ? 1 : 0);
        assertThat(driver.refusals()).isEmpty();
    }

    @Test
    void aMergeLargerThanAPresenceMayBeIsRefused() {
        String half = "y".repeat(PresenceConfig.defaults().json().maxBytes() * 2 / 3);
        driver.send("7", createPresence("1", "{'a':'" + half + "'}"));

        driver.send("7", updatePresence("1", "{'b':'" + half + "'}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("too_large");
        assertThat(driver.presence(7, 1)).isEqualTo(json("{'a':'" + half + "'}"));
    }

    @Test
    void idsKeepTheTypeTheyCameWith() {
        driver.send("7", createPresence("{'guild_id':7,'user':{'id':1},'status':'idle'}"));

        driver.send("7", updatePresence("{'guild_id':'7','user':{'id':1},'status':'dnd'}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'guild_id':'7','user':{'id':1},'status':'dnd'}"));
    }

    @Test
    void idsThatContradictTheAddressAreCorrectedInTheirType() {
        driver.send("7", createPresence("1", "{'guild_id':9,'user':{'id':'2','username':'ada'}}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'guild_id':7,'user':{'id':'1','username':'ada'}}"));
        assertThat(driver.presence(7, 2)).isNull();
    }

    @Test
    void idsOfAnUpdateThatContradictTheAddressAreCorrectedToo() {
        driver.send("7", createPresence("1", "{'guild_id':'7','user':{'id':1}}"));

        driver.send("7", updatePresence("1", "{'guild_id':'9','user':{'id':2},'status':'dnd'}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'guild_id':'7','user':{'id':1},'status':'dnd'}"));
    }

    @Test
    void idsAbsentFromAnAddressedBodyStayAbsent() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'status':'idle'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {GREATEST, "'" + GREATEST + "'"})
    void idsHaveSixtyFourBits(String id) {
        driver.send(GREATEST, createPresence("{'guild_id':" + id + ",'user':{'id':" + id + "}}"));

        assertThat(driver.presence(GREATEST_ID, GREATEST_ID))
                .isEqualTo(json("{'guild_id':" + id + ",'user':{'id':" + id + "}}"));
        assertThat(driver.changes())
                .extracting(PresenceChanged::getGuildId, PresenceChanged::getUserId)
                .containsExactly(tuple(GREATEST, GREATEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "18446744073709551616",
                "'18446744073709551616'",
                "-1",
                "'-1'",
                "'01'",
                "'12abc'",
                "' 1'",
                "''",
                "1.0",
                "1e3",
                "null",
                "true",
                "['1']"
            })
    void whatIsNoIdIsRefused(String id) {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':" + id + "}}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /user/id: ");
        assertThat(driver.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'guild_id':'7'}", "{'guild_id':'7','user':{}}", "{'guild_id':'7','user':'1'}"})
    void aBodyThatAddressesNobodyIsRefused(String presence) {
        driver.send("7", updatePresence(presence));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /user/id: ");
    }

    @Test
    void anAddressThatIsNoIdIsRefused() {
        driver.send("7", updatePresence("18446744073709551616", "{}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /user_id: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551616", "07", "-7", "seven"})
    void aKeyThatIsNoGuildIsRefused(String key) {
        driver.send(key, createPresence("1", "{}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("wrong_key key: ");
    }

    @Test
    void aKeyOtherThanTheBodysGuildIsRefused() {
        driver.send("8", createPresence("{'guild_id':'7','user':{'id':'1'}}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("wrong_key key: ");
        assertThat(driver.presence(8, 1)).isNull();
    }

    @Test
    void aConditionOnTheVersionHoldsForTheVersionThatIsThere() {
        long version = driver.send("7", createPresence("1", "{'guild_id':'7','user':{'id':'1'},'status':'idle'}"));

        driver.send(
                "7",
                updatePresence(
                        "{'guild_id':'7','user':{'id':'1'},'status':'dnd'}",
                        new Condition(List.of("0815", Long.toString(version)), false)));

        assertThat(driver.presence(7, 1)).contains("dnd");
    }

    @Test
    void aConditionOnAnEarlierVersionIsRefused() {
        long version = driver.send("7", createPresence("1", "{'guild_id':'7','user':{'id':'1'},'status':'idle'}"));
        driver.send("7", updatePresence("1", "{'x':1}"));

        driver.send(
                "7",
                updatePresence(
                        "{'guild_id':'7','user':{'id':'1'},'status':'dnd'}",
                        new Condition(List.of(Long.toString(version)), false)));

        assertThat(driver.refusals()).singleElement().asString().startsWith("precondition_failed If-Match");
        assertThat(driver.presence(7, 1)).contains("idle");
    }

    @Test
    void aConditionOnAnyVersionIsRefusedWhereThereIsNone() {
        driver.send("7", updatePresence("{'guild_id':'7','user':{'id':'1'}}", new Condition(List.of("*"), false)));

        assertThat(driver.refusals()).singleElement().asString().startsWith("precondition_failed If-Match");
        assertThat(driver.presence(7, 1)).isNull();
    }

    @Test
    void removeTellsWhatWas() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.changes();

        long offset = driver.send("7", removePresence("1"));

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.changes()).singleElement().satisfies(change -> {
            assertThat(change.getOld()).isEqualTo(json("{'status':'idle'}"));
            assertThat(change.getNew$()).isNull();
            assertThat(change.getNewStatus()).isNull();
            assertThat(change.getSource().getOffset()).isEqualTo(offset);
        });
    }

    @Test
    void removeOfNobodyIsNoChange() {
        driver.send("7", removePresence("1"));

        assertThat(driver.changes()).isEmpty();
        assertThat(driver.refusals()).isEmpty();
    }

    @Test
    void removeOfWhatIsNoIdIsRefused() {
        driver.send("7", removePresence("12abc"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /user_id: ");
    }

    @Test
    void purgeTakesAllOfOneGuildAsOneUnit() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.send("7", createPresence("2", "{'status':'dnd'}"));
        driver.send("8", createPresence("1", "{'status':'online'}"));
        driver.changes();

        driver.send("7", new PurgePresences());

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.presence(7, 2)).isNull();
        assertThat(driver.presence(8, 1)).isNotNull();
        List<PresenceChanged> changes = driver.changes();
        assertThat(changes).extracting(PresenceChanged::getUserId).containsExactly("1", "2");
        assertThat(changes).extracting(PresenceChanged::getUnitIndex).containsExactly(0, 1);
        assertThat(changes).extracting(PresenceChanged::getUnitLast).containsExactly(false, true);
    }
}
