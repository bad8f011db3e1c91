package io.forebay.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.schemas.avro.AppendEvents;
import io.forebay.schemas.avro.ExpectedVersion;
import io.forebay.schemas.avro.NewEvent;
import io.forebay.schemas.avro.StreamCondition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Appends as JSON. A quote is written as a single one. */
class EventBodyTest {

    private static final int MAX_BYTES = 10_000;
    private static final String LEAST = "'type':'t','domain':'d','instance_id':'i','data':{}";

    private final EventRules rules = new EventRules(new EventsConfig(1_000, 100, 20, 3, Set.of()));

    @Test
    void readsEveryMember() throws RefusedException {
        AppendEvents append = parse("{'events':["
                + "{'id':'1','type':'t','domain':'d','instance_id':'i','data':{'n': 1e2},'metadata':{'k':'v','domain':'x'},"
                + "'version':3,'domain_sequence_number':9},"
                + "{'type':'t','domain':'d','instance_id':'j','data_base64':'AP8=','content_type':'image/png'}],"
                + "'expected':[{'domain':'d','instance_id':'i','version':0},{'domain':'d','instance_id':'j','version':'none'},"
                + "{'domain':'d','instance_id':'k','version':'exists'}]}");

        assertThat(append)
                .isEqualTo(new AppendEvents(
                        List.of(
                                new NewEvent("1", "t", "d", "i", json("{'n': 1e2}"), null, json("{'k':'v'}"), 3),
                                new NewEvent(
                                        null,
                                        "t",
                                        "d",
                                        "j",
                                        ByteBuffer.wrap(new byte[] {0, -1}),
                                        "image/png",
                                        null,
                                        null)),
                        List.of(
                                new ExpectedVersion("d", "i", 0L),
                                new ExpectedVersion("d", "j", StreamCondition.none),
                                new ExpectedVersion("d", "k", StreamCondition.exists))));
    }

    @Test
    void takesOneEventAndNullsForWhatIsOptional() throws RefusedException {
        AppendEvents append =
                parse("{'event':{" + LEAST + ",'id':null,'version':null,'metadata':null,'content_type':null}}");

        assertThat(append.getEvents()).containsExactly(new NewEvent(null, "t", "d", "i", "{}", null, null, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'event':'x'}                                             | /event
            {'events':'x'}                                            | /events
            {'events':['x']}                                          | /events/0
            {}                                                        | /events
            {'event':{LEAST},'events':[]}                             | /events
            {'events':[],'colour':1}                                  | /colour
            {'events':[],'a/b~c':1}                                   | /a~1b~0c
            {'event':{LEAST,'colour':'red'}}                          | /event/colour
            {'event':{LEAST,'inserted_at':'2024-01-01T00:00:00Z'}}    | /event/inserted_at
            {'event':{LEAST,'version':0}}                             | /event/version
            {'event':{LEAST,'version':'1'}}                           | /event/version
            {'event':{LEAST,'version':1.5}}                           | /event/version
            {'event':{LEAST,'version':99999999999}}                   | /event/version
            {'event':{LEAST,'metadata':[]}}                           | /event/metadata
            {'event':{LEAST,'content_type':'a/b'}}                    | /event/content_type
            {'event':{LEAST,'data_base64':''}}                        | /event/data
            {'event':{LEAST,'id':''}}                                 | /event/id
            {'event':{'type':'t','domain':'d','instance_id':'i'}}     | /event/data
            {'event':{'type':'t','domain':'d','instance_id':'i','data':'x'}}          | /event/data
            {'event':{'type':'t','domain':'d','instance_id':'i','data':null}}         | /event/data
            {'event':{'type':'t','domain':'d','instance_id':'i','data_base64':'?','content_type':'a/b'}} | /event/data_base64
            {'event':{'type':'t','domain':'d','instance_id':'i','data_base64':''}}    | /event/content_type
            {'event':{'type':5,'domain':'d','instance_id':'i','data':{}}}             | /event/type
            {'event':{'type':'t','domain':null,'instance_id':'i','data':{}}}          | /event/domain
            {'event':{'type':'t','domain':'d','data':{}}}             | /event/instance_id
            {'event':{'type':'t','domain':'','instance_id':'i','data':{}}}            | /event/domain
            {'event':{'type':'t','domain':'d','instance_id':'123456789012345678901','data':{}}} | /event/instance_id
            {'events':[{LEAST,'id':'a'},{LEAST,'id':'a'}]}            | /events/1/id
            {'events':[],'expected':{}}                               | /expected
            {'events':[],'expected':[1]}                              | /expected/0
            {'events':[],'expected':[{'domain':'d','instance_id':'i'}]}                   | /expected/0/version
            {'events':[],'expected':[{'domain':'d','instance_id':'i','version':-1}]}      | /expected/0/version
            {'events':[],'expected':[{'domain':'d','instance_id':'i','version':'other'}]} | /expected/0/version
            {'events':[],'expected':[{'domain':'d','instance_id':1,'version':1}]}         | /expected/0/instance_id
            """)
    void namesTheMemberThatIsWrong(String body, String field) {
        RefusedException refused = refusal(body.replace("LEAST", LEAST));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid");
        assertThat(refused.violations()).extracting(Violation::field).containsExactly(field);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        RefusedException refused = refusal("{'events':[{'type':'','domain':'d'},{" + LEAST + ",'id':''},7],"
                + "'expected':[{'domain':'','instance_id':'i','version':1}],'more':1}");

        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsExactlyInAnyOrder(
                        "/events/0/type",
                        "/events/0/instance_id",
                        "/events/0/data",
                        "/events/1/id",
                        "/events/2",
                        "/expected/0/domain",
                        "/more");
    }

    @Test
    void saysWhatIsTooLarge() {
        String event = "{" + LEAST + "}";
        RefusedException events = refusal("{'events':[" + String.join(",", event, event, event, event) + "]}");
        RefusedException body = refusal("{'events':[],'a':'" + "x".repeat(MAX_BYTES) + "'}");

        assertThat(List.of(events.status(), body.status())).containsOnly(413);
        assertThat(List.of(events.code(), body.code())).containsOnly("too_large");
    }

    @Test
    void saysWhatIsNoJson() {
        assertThat(refusal("{'events'").code()).isEqualTo("invalid_json");
    }

    private RefusedException refusal(String body) {
        return catchThrowableOfType(RefusedException.class, () -> parse(body));
    }

    private AppendEvents parse(String body) throws RefusedException {
        return EventBody.parse(json(body).getBytes(UTF_8), MAX_BYTES, rules);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
