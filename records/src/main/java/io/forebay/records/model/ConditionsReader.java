package io.forebay.records.model;

import io.forebay.records.file.FileObject;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads conditions: an object of what is asked by column. */
final class ConditionsReader {

    private ConditionsReader() {}

    /**
     * Reads them; what is wrong is noted.
     *
     * @param table its name
     * @param isColumn whether it has a column
     */
    static Conditions read(FileObject where, String table, Predicate<String> isColumn) {
        Map<String, Condition> byColumn = new LinkedHashMap<>();
        for (String column : where.names()) {
            JsonValue written = where.optional(column);
            if (!isColumn.test(column)) {
                where.problem(column, "is no column of " + table);
            }
            Condition condition = written == null ? null : condition(written);
            if (condition == null) {
                where.problem(column, "is a value, null, {in: [values]} or {not: a value, null or {in: [values]}}");
            } else {
                byColumn.put(column, condition);
            }
        }
        return new Conditions(byColumn);
    }

    private static @Nullable Condition condition(JsonValue written) {
        if (written.isObject()) {
            JsonObject operator = written.asObject();
            JsonValue negated = operator.member("not");
            if (negated != null && operator.members().size() == 1) {
                Condition condition = isNegation(negated) ? null : condition(negated);
                return condition == null ? null : new Condition.Not(condition);
            }
        }
        return plain(written);
    }

    private static boolean isNegation(JsonValue written) {
        return written.isObject() && written.asObject().has("not");
    }

    private static @Nullable Condition plain(JsonValue written) {
        if (written.isNull()) {
            return new Condition.IsNull();
        }
        if (written.isObject()) {
            JsonObject operator = written.asObject();
            JsonValue among = operator.member("in");
            boolean right = among != null && operator.members().size() == 1 && among.isArray();
            if (among == null || !right || !among.elements().stream().allMatch(ConditionsReader::isScalar)) {
                return null;
            }
            return new Condition.In(among.elements());
        }
        return isScalar(written) ? new Condition.Equals(written) : null;
    }

    private static boolean isScalar(JsonValue value) {
        return !value.isObject() && !value.isArray();
    }
}
