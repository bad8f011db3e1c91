package io.forebay.sync.http;

import io.forebay.http.calls.JsonBuffer;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.avro.RowSource;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.stream.ChangeCodec;
import io.forebay.stream.StreamChange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads what subscribers are told for the stream hub, and makes the messages of it. */
public final class RecordToldCodec implements ChangeCodec {

    private final Deserializer<RecordTold> deserializer;

    /** A codec over the topic's values. */
    public RecordToldCodec(Deserializer<RecordTold> deserializer) {
        this.deserializer = deserializer;
    }

    @Override
    public StreamChange decode(ConsumerRecord<byte[], byte[]> record) {
        RecordTold told = deserializer.deserialize(record.topic(), record.value());
        return new StreamChange(
                record.key(), told.getUnitOffset(), told.getUnitOffset(), told.getUnitLast(), json(told));
    }

    /** The message of a change: the form in which it can be applied to values, as the text of a JSON object. */
    public static String message(RecordTold told) {
        return new String(json(told), StandardCharsets.UTF_8);
    }

    private static byte[] json(RecordTold told) {
        JsonBuffer json = new JsonBuffer().text("{\"op\":\"" + told.getOp() + "\"");
        if (!told.getRecord().isEmpty()) {
            Path record = Path.parse(told.getRecord());
            json.text(",\"table\":").text(JsonValue.ofText(record.part(0)).raw());
            if (record.size() > 1) {
                List<String> key = record.parts().subList(1, record.size());
                json.text(",\"key\":").text(Path.of(key).toJson());
                json.text(",\"row\":").text(told.getRow() == null ? "null" : told.getRow());
            }
            member("before", told.getOldRow(), json);
            json.text(",\"ref\":\"" + told.getRef() + "\",\"followed\":" + told.getFollowed());
            source(told, json);
            if (told.getOutstanding()) {
                json.text(",\"outstanding\":true");
            }
            json.text(",\"identifiers\":[" + String.join(",", told.getIdentifiers()) + "]");
        }
        member("id", text(told.getId()), json);
        member("by", text(told.getBy()), json);
        member("transaction", text(told.getTransaction()), json);
        return json.text("}").bytes();
    }

    /** By what a client knows which rows a truncation took. */
    private static void source(RecordTold told, JsonBuffer json) {
        if (told.getSource().getPartition() >= 0) {
            json.text(",\"partition\":" + told.getSource().getPartition());
        }
        RowSource source = told.getRowSource();
        if (source != null) {
            json.text(",\"source\":{\"name\":" + text(source.getName()) + ",\"position\":\"" + source.getPosition()
                    + "\",\"index\":" + source.getIndex() + "}");
        }
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null ? null : JsonValue.ofText(text).raw();
    }

    private static void member(String name, @Nullable String value, JsonBuffer json) {
        if (value != null) {
            json.text(",\"" + name + "\":").text(value);
        }
    }
}
