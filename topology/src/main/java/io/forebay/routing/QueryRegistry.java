package io.forebay.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.forebay.store.StoreQuery;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The form in which queries and their results travel between instances: CBOR (RFC 8949), where bytes stay bytes.
 *
 * <p>A query is a record of numbers, strings, bytes, enums, records and lists of these, known by a name that does not change; its result likewise, or
 * null. A member that the receiver does not know is ignored, so that instances of neighbouring releases understand each other; a query whose meaning
 * changes takes a new name.
 */
public final class QueryRegistry {

    private final ObjectMapper cbor = CBORMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final Map<String, Form> byName = new ConcurrentHashMap<>();
    private final Map<Class<?>, Form> byType = new ConcurrentHashMap<>();

    public QueryRegistry() {
        register("position", PositionQuery.class, Long.class);
    }

    /**
     * Lets a query be asked of other instances.
     *
     * @throws IllegalStateException if the name or the type is registered already
     */
    public <R extends @Nullable Object, Q extends StoreQuery<R>> QueryRegistry register(
            String name, Class<Q> query, Class<?> result) {
        return register(new Form(name, query, cbor.constructType(result)));
    }

    /** As {@link #register(String, Class, Class)}, for a result with type parameters. */
    public <R extends @Nullable Object, Q extends StoreQuery<R>> QueryRegistry register(
            String name, Class<Q> query, TypeReference<?> result) {
        return register(new Form(name, query, cbor.constructType(result)));
    }

    private QueryRegistry register(Form form) {
        if (byName.putIfAbsent(form.name(), form) != null || byType.putIfAbsent(form.query(), form) != null) {
            throw new IllegalStateException("query " + form.name() + " is registered twice");
        }
        return this;
    }

    /** The name under which a query travels. */
    String name(StoreQuery<?> query) {
        return form(query).name();
    }

    /** The query of that name; fails with {@link QueryFailedException} if this instance does not know it. */
    StoreQuery<?> readQuery(String name, byte[] body) {
        Form form = byName.get(name);
        if (form == null) {
            throw new QueryFailedException("no query " + name + " is known here");
        }
        try {
            return (StoreQuery<?>) cbor.readValue(body, form.query());
        } catch (IOException e) {
            throw new QueryFailedException("the query " + name + " cannot be read", e);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // the registration ties a query's type to its result's
    <R extends @Nullable Object> R readResult(StoreQuery<R> query, byte[] body) {
        try {
            return (R) cbor.readValue(body, form(query).result());
        } catch (IOException e) {
            throw new QueryFailedException("the answer to " + name(query) + " cannot be read", e);
        }
    }

    byte[] write(@Nullable Object value) {
        try {
            return cbor.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new QueryFailedException(
                    "a " + (value == null ? "null" : value.getClass()) + " cannot be written", e);
        }
    }

    <T> T read(byte[] bytes, Class<T> type) {
        try {
            return cbor.readValue(bytes, type);
        } catch (IOException e) {
            throw new QueryFailedException("not a " + type.getSimpleName(), e);
        }
    }

    private Form form(StoreQuery<?> query) {
        Form form = byType.get(query.getClass());
        if (form == null) {
            throw new IllegalStateException(query.getClass() + " is not registered, so it cannot be asked of a peer");
        }
        return form;
    }

    private record Form(String name, Class<?> query, JavaType result) {}
}
