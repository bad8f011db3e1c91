package io.forebay.presence.state;

import io.forebay.schemas.avro.PresenceStatus;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The {@code status} member of a presence as one byte, which orders the status index and names the counters. What a
 * client may send is open, so there is a code for anything else and one for nothing at all.
 */
public enum StatusCode {
    ONLINE(1, "online", PresenceStatus.online),
    IDLE(2, "idle", PresenceStatus.idle),
    DND(3, "dnd", PresenceStatus.dnd),
    OFFLINE(4, "offline", PresenceStatus.offline),
    /** A text that is none of the four, or a value that is no text. */
    OTHER(5, "other", PresenceStatus.other),
    /** Absent or null. */
    NONE(6, "none", null);

    private static final StatusCode[] CODES = {ONLINE, IDLE, DND, OFFLINE, OTHER, NONE};

    private final byte code;
    private final String word;
    private final @Nullable PresenceStatus avro;

    StatusCode(int code, String word, @Nullable PresenceStatus avro) {
        this.code = (byte) code;
        this.word = word;
        this.avro = avro;
    }

    /** The code of a presence's status. */
    public static StatusCode of(JsonObject presence) {
        JsonValue status = presence.member("status");
        if (status == null || status.isNull()) {
            return NONE;
        }
        return status.isString() ? ofText(status.asText()) : OTHER;
    }

    /** The code under which presences of a status text are found. */
    public static StatusCode ofText(String status) {
        return switch (status) {
            case "online" -> ONLINE;
            case "idle" -> IDLE;
            case "dnd" -> DND;
            case "offline" -> OFFLINE;
            default -> OTHER;
        };
    }

    /** The name under which it is counted. */
    public String word() {
        return word;
    }

    /** As it is told in sync records; null for {@link #NONE}. */
    public @Nullable PresenceStatus avro() {
        return avro;
    }

    byte code() {
        return code;
    }

    static StatusCode ofCode(byte code) {
        return CODES[code - 1];
    }
}
