package io.forebay.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.transfer.EventLines.Line;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImportedEventTest {

    @Test
    void anEventIsAppendedWithoutWhatTheLogAssigns() throws Exception {
        ImportedEvent event = parse(
                "{\"id\":\"0-1-2\",\"type\":\"t\",\"domain\":\"d\",\"instance_id\":\"i\",\"data\":{ \"n\":1.50},"
                        + "\"metadata\":{\"who\":\"me\",\"domain\":\"d\",\"instance_id\":\"i\"},\"version\":2,"
                        + "\"sequence_number\":7,\"stream_version\":3,\"inserted_at\":\"2026-01-01T00:00:00.000Z\","
                        + "\"position\":\"AQ\"}",
                null);

        assertThat(event.json().text())
                .isEqualTo(
                        "{\"id\":\"0-1-2\",\"type\":\"t\",\"domain\":\"d\",\"instance_id\":\"i\",\"data\":{ \"n\":1.50},"
                                + "\"metadata\":{\"who\":\"me\"},\"version\":2}");
        assertThat(event.stream()).containsExactly("d", "i");
        assertThat(event.id()).isEqualTo("0-1-2");
    }

    @Test
    void theTimeIsKeptWhereItIsAskedFor() throws Exception {
        String event = "{\"id\":\"1\",\"inserted_at\":\"2026-01-01T00:00:00.000Z\",\"metadata\":";

        assertThat(parse(event + "null}", "first_at").json().text())
                .isEqualTo("{\"id\":\"1\",\"metadata\":{\"first_at\":\"2026-01-01T00:00:00.000Z\"}}");
        assertThat(parse(event + "{\"first_at\":\"2020\"}}", "first_at").json().text())
                .isEqualTo("{\"id\":\"1\",\"metadata\":{\"first_at\":\"2020\"}}");
    }

    @Test
    void anErasedEventKeepsItsPlaceOnly() throws Exception {
        ImportedEvent event = parse(
                "{\"id\":\"1\",\"type\":\"t\",\"domain\":\"d\",\"instance_id\":\"i\",\"data\":null,"
                        + "\"metadata\":{\"domain\":\"d\",\"instance_id\":\"i\"},\"version\":null,\"erased\":true}",
                null);

        assertThat(event.json().text())
                .isEqualTo("{\"id\":\"1\",\"type\":\"t\",\"domain\":\"d\",\"instance_id\":\"i\",\"data\":{},"
                        + "\"metadata\":{\"erased\":true},\"version\":null}");
    }

    @Test
    void aLineThatIsNoEventIsToldWithItsRule() {
        assertThatThrownBy(() -> parse("{\"id\":\"1\",", null))
                .isInstanceOf(BadLineException.class)
                .hasMessage("line 5 is no event: /id is not valid JSON");
        assertThatThrownBy(() -> parse("[]", null)).hasMessage("line 5 is no event: the document is not a JSON object");
        assertThatThrownBy(() -> parse("{\"type\":\"t\"}", null)).hasMessageContaining("line 5", "/id");
        assertThatThrownBy(() -> parse("{\"id\":\"1\",\"erased\":1}", null)).hasMessageContaining("/erased");
    }

    @Test
    void whatIsUnknownIsLeftToTheTarget() throws Exception {
        assertThat(parse("{\"id\":\"1\",\"colour\":\"red\",\"metadata\":[]}", null)
                        .json()
                        .text())
                .isEqualTo("{\"id\":\"1\",\"colour\":\"red\",\"metadata\":[]}");
    }

    static ImportedEvent parse(String text, @Nullable String insertedAtAs) throws BadLineException {
        return ImportedEvent.parse(new Line(5, 100, text.getBytes(StandardCharsets.UTF_8)), insertedAtAs);
    }
}
