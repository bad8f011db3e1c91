package io.forebay.sync.rule;

import io.forebay.schemas.json.JsonValue;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A JSON array as rules see it. Immutable. */
final class JsonList extends AbstractList<Object> implements RandomAccess {

    private final Object[] elements;
    private final int length;

    JsonList(JsonValue array) {
        List<JsonValue> values = array.elements();
        this.elements = new Object[values.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = RuleValues.of(values.get(i));
        }
        this.length = array.length();
    }

    /** How long its text is, in bytes: more than it takes to go through it. */
    int length() {
        return length;
    }

    @Override
    public Object get(int index) {
        return elements[index];
    }

    @Override
    public int size() {
        return elements.length;
    }

    /** The size only: values stay out of messages. */
    @Override
    public String toString() {
        return "JsonList[" + length + " bytes]";
    }
}
