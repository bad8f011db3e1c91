package io.forebay.presence.http;

import io.forebay.presence.state.PresenceKeys;
import io.forebay.schemas.avro.PresenceChanged;
import io.forebay.schemas.path.Snowflake;
import io.forebay.stream.ChangeCodec;
import io.forebay.stream.StreamChange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the presence sync topic for the stream hub. */
public final class PresenceChangeCodec implements ChangeCodec {
    private final Deserializer<PresenceChanged> deserializer;

    /** A codec over the sync topic's values. */
    public PresenceChangeCodec(Deserializer<PresenceChanged> deserializer) {
        this.deserializer = deserializer;
    }

    @Override
    public StreamChange decode(ConsumerRecord<byte[], byte[]> record) {
        PresenceChanged change = deserializer.deserialize(record.topic(), record.value());
        String guild = change.getGuildId();
        String user = change.getUserId();
        return new StreamChange(
                PresenceKeys.address(
                        Snowflake.parse(guild).value(), Snowflake.parse(user).value()),
                change.getSource().getOffset(),
                change.getUnitOffset(),
                change.getUnitLast(),
                PresenceJson.change(guild, user, change.getOld(), change.getNew$()));
    }
}
