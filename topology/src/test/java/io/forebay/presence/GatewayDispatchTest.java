package io.forebay.presence;

import static io.forebay.presence.Commands.createPresence;
import static io.forebay.presence.Commands.dispatch;
import static io.forebay.presence.Commands.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.presence.query.CountPresences;
import io.forebay.schemas.avro.GatewayDispatch;
import io.forebay.schemas.avro.PresenceChanged;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway's dispatches do to presences. */
class GatewayDispatchTest {

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
    void aPresenceUpdateIsAnUpdate() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1','username':'ada'},'status':'idle'}"));
        GatewayDispatch dispatch = dispatch("PRESENCE_UPDATE", "{'guild_id':'7','user':{'id':'1'},'status':'dnd'}");

        driver.send("7", dispatch, "request");

        assertThat(driver.outcome("request", "7", dispatch).text())
                .isEqualTo(json("{'emitted':[{'guild_id':'7',"
                        + "'old':{'guild_id':'7','user':{'id':'1','username':'ada'},'status':'idle'},"
                        + "'new':{'guild_id':'7','user':{'id':'1','username':'ada'},'status':'dnd'}}]}"));
    }

    @Test
    void aPresenceUpdateThatIsNoChangeEmitsNothing() {
        driver.send("7", createPresence("{'guild_id':'7','user':{'id':'1'},'status':'idle'}"));
        driver.changes();
        GatewayDispatch dispatch = dispatch("PRESENCE_UPDATE", "{'guild_id':'7','user':{'id':'1'},'x':1}");

        driver.send("7", dispatch, "request");

        assertThat(driver.outcome("request", "7", dispatch).text()).isEqualTo(json("{'emitted':[]}"));
        assertThat(driver.changes()).isEmpty();
        assertThat(driver.presence(7, 1)).contains("\"x\":1");
    }

    @Test
    void aPresenceUpdateOfNobodyIsRefused() {
        driver.send("7", dispatch("PRESENCE_UPDATE", "{'guild_id':'7','user':{}}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /user/id: ");
    }

    @ParameterizedTest
    @CsvSource({"GUILD_CREATE,id", "GUILD_MEMBERS_CHUNK,guild_id"})
    void presencesThatComeWithAGuildAreStoredAsTheyCome(String type, String guild) {
        driver.send(
                "7",
                dispatch(
                        type,
                        "{'" + guild + "':'7','presences':[{'user':{'id':'1'},'status':'idle'},"
                                + "{'user':{'id':2},'status':'dnd'}]}"));

        assertThat(driver.presence(7, 1)).isEqualTo(json("{'user':{'id':'1'},'status':'idle'}"));
        assertThat(driver.presence(7, 2)).isEqualTo(json("{'user':{'id':2},'status':'dnd'}"));
    }

    @ParameterizedTest
    @CsvSource({"GUILD_CREATE,id", "GUILD_MEMBERS_CHUNK,guild_id"})
    void presencesThatComeWithAGuildLeaveTheOthers(String type, String guild) {
        driver.send("7", createPresence("1", "{'status':'idle'}"));

        driver.send("7", dispatch(type, "{'" + guild + "':'7','presences':[{'user':{'id':'2'}}]}"));

        assertThat(driver.ask(new CountPresences(7)).total()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",'presences':null", ",'presences':[]"})
    void aGuildThatBringsNoPresencesChangesNone(String presences) {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.changes();

        driver.send("7", dispatch("GUILD_CREATE", "{'id':'7'" + presences + "}"));

        assertThat(driver.refusals()).isEmpty();
        assertThat(driver.changes()).isEmpty();
    }

    @Test
    void aGuildThatIsUnavailableBringsNone() {
        driver.send("7", dispatch("GUILD_CREATE", "{'id':'7','unavailable':true,'presences':[{'user':{'id':'1'}}]}"));

        assertThat(driver.refusals()).isEmpty();
        assertThat(driver.presence(7, 1)).isNull();
    }

    @Test
    void oneBadPresenceOfAGuildIsRefusedWithAllTheOthers() {
        driver.send("7", dispatch("GUILD_CREATE", "{'id':'7','presences':[{'user':{'id':'1'}},{'user':{}}]}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /presences/1/user/id: ");
        assertThat(driver.presence(7, 1)).isNull();
    }

    @Test
    void presencesThatAreNoArrayAreRefused() {
        driver.send("7", dispatch("GUILD_MEMBERS_CHUNK", "{'guild_id':'7','presences':{}}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("invalid /presences: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'id':'7'}", "{'id':7,'unavailable':false}", "{'id':'7','unavailable':null}"})
    void aGuildThatIsLeftIsPurged(String guild) {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.changes();

        driver.send("7", dispatch("GUILD_DELETE", guild));

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.changes()).extracting(PresenceChanged::getNew$).containsOnlyNulls();
    }

    @Test
    void aGuildThatIsUnavailableKeepsItsPresences() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.changes();

        driver.send("7", dispatch("GUILD_DELETE", "{'id':'7','unavailable':true}"));

        assertThat(driver.presence(7, 1)).isNotNull();
        assertThat(driver.changes()).isEmpty();
    }

    @Test
    void aMemberThatLeavesTakesItsPresenceAlong() {
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.send("7", createPresence("2", "{'status':'idle'}"));

        driver.send("7", dispatch("GUILD_MEMBER_REMOVE", "{'guild_id':'7','user':{'id':1}}"));

        assertThat(driver.presence(7, 1)).isNull();
        assertThat(driver.presence(7, 2)).isNotNull();
    }

    @Test
    void readyMeansNothing() {
        GatewayDispatch ready = dispatch("READY", "{'v':10,'guilds':[{'id':'7','unavailable':true}]}");
        driver.send("7", createPresence("1", "{'status':'idle'}"));
        driver.changes();

        driver.send("7", ready, "request");

        assertThat(driver.outcome("request", "7", ready).text()).isEqualTo(json("{'emitted':[]}"));
        assertThat(driver.presence(7, 1)).isNotNull();
        assertThat(driver.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TYPING_START", "presence_update", ""})
    void aDispatchOfAnUnknownTypeIsRefused(String type) {
        driver.send("7", dispatch(type, "{'guild_id':'7','user':{'id':'1'}}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("unknown_dispatch /t: ");
    }

    @ParameterizedTest
    @CsvSource({"PRESENCE_UPDATE,guild_id", "GUILD_DELETE,id", "GUILD_MEMBER_REMOVE,guild_id"})
    void aDispatchOfAnotherGuildThanItsKeyIsRefused(String type, String guild) {
        driver.send("8", createPresence("1", "{'status':'idle'}"));

        driver.send("8", dispatch(type, "{'" + guild + "':'7','user':{'id':'1'}}"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("wrong_key key: ");
        assertThat(driver.presence(8, 1)).isEqualTo(json("{'status':'idle'}"));
    }

    @Test
    void dataThatIsNoObjectIsRefused() {
        driver.send("7", dispatch("GUILD_DELETE", "[]"));

        assertThat(driver.refusals()).singleElement().asString().startsWith("not_an_object ");
    }
}
