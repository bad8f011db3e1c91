package io.forebay.sync.rule;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as rules see it: a member becomes a value when a rule looks at it, and stays one for all rules that look at the
 * same object, each of a change's many subscribers having one.
 *
 * <p>It is a value of the evaluator, not only a map, because the evaluator goes through all of a plain map each time it meets one,
 * to see whether its values are in their proper form.
 *
 * <p>Safe for use by many threads.
 */
@SuppressWarnings("Immutable") // what is filled in later follows from the object
final class JsonMap extends CelValue implements SelectableValue<String>, Map<String, Object> {

    private static final CelType TYPE = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private final JsonObject object;
    private final Map<String, Object> converted = new ConcurrentHashMap<>();
    private volatile @Nullable Map<String, Object> whole;

    JsonMap(JsonObject object) {
        this.object = object;
    }

    /** How long its text is, in bytes: more than it takes to go through it. */
    int length() {
        return object.length();
    }

    private @Nullable Object value(Object name) {
        if (!(name instanceof String text)) {
            return null;
        }
        Object known = converted.get(text);
        if (known != null) {
            return known;
        }
        JsonValue member = object.member(text);
        if (member == null) {
            return null;
        }
        Object value = RuleValues.of(member);
        converted.put(text, value);
        return value;
    }

    private Map<String, Object> whole() {
        Map<String, Object> known = whole;
        if (known == null) {
            Map<String, Object> all = new LinkedHashMap<>();
            for (JsonObject.Member member : object.members()) {
                all.put(member.name(), RuleValues.of(member.value()));
            }
            known = Collections.unmodifiableMap(all);
            whole = known;
        }
        return known;
    }

    @Override
    public Object select(String name) {
        Object value = value(name);
        if (value == null) {
            throw CelAttributeNotFoundException.forMissingMapKey(name);
        }
        return value;
    }

    @Override
    public Optional<Object> find(String name) {
        return Optional.ofNullable(value(name));
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return isEmpty();
    }

    @Override
    public CelType celType() {
        return TYPE;
    }

    @Override
    public int size() {
        return object.members().size();
    }

    @Override
    public boolean isEmpty() {
        return object.members().isEmpty();
    }

    @Override
    public boolean containsKey(Object name) {
        return name instanceof String text && object.has(text);
    }

    @Override
    public boolean containsValue(Object value) {
        return whole().containsValue(value);
    }

    @Override
    public @Nullable Object get(Object name) {
        return value(name);
    }

    @Override
    public Set<String> keySet() {
        return whole().keySet();
    }

    @Override
    public Collection<Object> values() {
        return whole().values();
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return whole().entrySet();
    }

    @Override
    public Object put(String name, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object remove(Object name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putAll(Map<? extends String, ?> map) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || whole().equals(other);
    }

    @Override
    public int hashCode() {
        return whole().hashCode();
    }

    /** The size only: values stay out of messages. */
    @Override
    public String toString() {
        return object.toString();
    }
}
