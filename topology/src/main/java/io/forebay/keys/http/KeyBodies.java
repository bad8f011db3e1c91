package io.forebay.keys.http;

import io.forebay.command.RefusedException;
import io.forebay.http.Problem;
import io.forebay.http.calls.Refusals;
import io.forebay.keys.KeyLimits;
import io.forebay.schemas.avro.Condition;
import io.forebay.schemas.avro.DeleteWhere;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.json.JsonFilter;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bodies that list records or keys, every element checked before the first is sent. */
final class KeyBodies {
    private static final Set<String> BATCH = Set.of("records", "ttl_ms", "sliding", "delete");
    private static final Set<String> RECORD =
            Set.of("key", "value", "value_base64", "content_type", "ttl_ms", "sliding", "if_match", "if_none_match");
    private static final Set<String> DELETE = Set.of("match", "where");
    private static final Set<String> KEYS = Set.of("keys");

    private final KeyAddress addresses;
    private final KeyLimits limits;
    private final KeysHttpConfig config;

    KeyBodies(KeyAddress addresses, KeyLimits limits, KeysHttpConfig config) {
        this.addresses = addresses;
        this.limits = limits;
        this.config = config;
    }

    /**
     * What a batch stores, and what it removes before that.
     *
     * @param records what to store
     * @param deletes what to remove, empty where the batch only stores
     */
    record Batch(List<PutKey> records, List<DeleteWhere> deletes) {
        boolean isConditional() {
            return records.stream().anyMatch(record -> record.getCondition() != null);
        }
    }

    Batch batch(byte[] body, String namespace) {
        JsonObject document = document(body);
        known(document, BATCH, "");
        Lifetime lifetime = Lifetime.of(document, "", Lifetime.ENDLESS);
        List<JsonValue> elements = array(document, "records");
        checkCount(elements.size(), config.keys().batchMaxCount(), "/records");
        List<PutKey> records = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            records.add(record(elements.get(i), namespace, lifetime, "/records/" + i));
        }
        List<JsonValue> removed = document.has("delete") ? array(document, "delete") : List.of();
        checkCount(removed.size(), config.keys().batchMaxCount(), "/delete");
        List<DeleteWhere> deletes = new ArrayList<>(removed.size());
        for (int i = 0; i < removed.size(); i++) {
            deletes.add(delete(removed.get(i), namespace, "/delete/" + i));
        }
        return new Batch(records, deletes);
    }

    List<Path> keys(byte[] body, String namespace, int maxCount) {
        JsonObject document = document(body);
        known(document, KEYS, "");
        List<JsonValue> elements = array(document, "keys");
        checkCount(elements.size(), maxCount, "/keys");
        List<Path> keys = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            keys.add(addresses.keyOfBody(namespace, elements.get(i), "/keys/" + i));
        }
        return keys;
    }

    private JsonObject document(byte[] body) {
        return Refusals.checked(() -> {
            try {
                return JsonObject.parse(body, new JsonLimits(config.batchBytes(), JsonLimits.GREATEST_MAX_DEPTH));
            } catch (JsonSyntaxException e) {
                throw RefusedException.of(e);
            }
        });
    }

    private PutKey record(JsonValue element, String namespace, Lifetime usual, String pointer) {
        JsonObject record = object(element, pointer);
        known(record, RECORD, pointer);
        Path key = addresses.keyOfBody(namespace, record.member("key"), pointer + "/key");
        Lifetime lifetime = Lifetime.of(record, pointer, usual);
        PutKey put = PutKey.newBuilder()
                .setKey(key.toString())
                .setValue(ByteBuffer.wrap(value(record, pointer)))
                .setContentType(contentType(record, pointer))
                .setTtlMs(lifetime.ttlMs())
                .setSliding(lifetime.sliding())
                .setCondition(condition(record, pointer))
                .build();
        return Refusals.checked(() -> {
            limits.put(put, pointer);
            return put;
        });
    }

    private static byte[] value(JsonObject record, String pointer) {
        JsonValue value = record.member("value");
        JsonValue encoded = record.member("value_base64");
        if ((value == null) == (encoded == null)) {
            throw Problem.invalid(pointer + "/value", "must be given, or value_base64 in its place")
                    .exception();
        }
        if (value != null) {
            return value.rawBytes();
        }
        try {
            return Base64.getDecoder().decode(text(encoded, pointer + "/value_base64"));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(pointer + "/value_base64", "must be base64 (RFC 4648, section 4)")
                    .exception();
        }
    }

    private static String contentType(JsonObject record, String pointer) {
        JsonValue member = record.member("content_type");
        boolean isJson = record.has("value");
        if (member == null) {
            return isJson ? ValueJson.JSON : ValueJson.BYTES;
        }
        String contentType = text(member, pointer + "/content_type");
        if (isJson && !ValueJson.isJson(contentType)) {
            throw Problem.invalid(pointer + "/content_type", "must be a JSON media type, or the value in value_base64")
                    .exception();
        }
        return contentType;
    }

    private static @Nullable Condition condition(JsonObject record, String pointer) {
        JsonValue match = record.member("if_match");
        JsonValue none = record.member("if_none_match");
        if (match == null && none == null) {
            return null;
        }
        if (none != null && !text(none, pointer + "/if_none_match").equals("*")) {
            throw Problem.invalid(pointer + "/if_none_match", "must be *").exception();
        }
        return new Condition(match == null ? null : List.of(text(match, pointer + "/if_match")), none != null);
    }

    private DeleteWhere delete(JsonValue element, String namespace, String pointer) {
        JsonObject delete = object(element, pointer);
        known(delete, DELETE, pointer);
        JsonValue match = delete.member("match");
        if (match == null || !(match.isString() || match.isArray())) {
            throw Problem.invalid(pointer + "/match", "must be a match").exception();
        }
        String text = match.isString() ? match.asText() : match.raw();
        JsonValue where = delete.member("where");
        return new DeleteWhere(
                addresses.match(namespace, text, pointer + "/match").toString(),
                where == null ? null : filter(text(where, pointer + "/where"), pointer + "/where"));
    }

    private static String filter(String text, String pointer) {
        try {
            JsonFilter.parse(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(pointer, "must be " + e.getMessage()).exception();
        }
    }

    private static void known(JsonObject object, Set<String> names, String pointer) {
        for (JsonObject.Member member : object.members()) {
            if (!names.contains(member.name())) {
                throw Problem.invalid(
                                pointer + "/" + member.name(),
                                "is unknown; known are "
                                        + String.join(
                                                ", ", names.stream().sorted().toList()))
                        .exception();
            }
        }
    }

    private static List<JsonValue> array(JsonObject object, String name) {
        JsonValue array = object.member(name);
        if (array == null || !array.isArray()) {
            throw Problem.invalid("/" + name, "must be an array").exception();
        }
        return array.elements();
    }

    private static JsonObject object(JsonValue value, String pointer) {
        if (!value.isObject()) {
            throw Problem.invalid(pointer, "must be an object").exception();
        }
        return value.asObject();
    }

    private static String text(@Nullable JsonValue value, String pointer) {
        if (value == null || !value.isString()) {
            throw Problem.invalid(pointer, "must be a string").exception();
        }
        return value.asText();
    }

    private static void checkCount(int count, int max, String pointer) {
        if (count > max) {
            throw Problem.of(413, "too_large", "There are too many elements", "at most " + max + " in " + pointer)
                    .exception();
        }
    }
}
