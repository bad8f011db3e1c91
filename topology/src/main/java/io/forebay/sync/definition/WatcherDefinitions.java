package io.forebay.sync.definition;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.records.model.Model;
import io.forebay.records.watch.WatchException;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Definitions of watchers as they are written and stored. */
public final class WatcherDefinitions {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private WatcherDefinitions() {}

    /**
     * What may be subscribed to before anybody has defined watchers: every change of every table.
     *
     * @param required whether nothing may be until then
     */
    public static Function<Model, Watchers> before(boolean required) {
        return required ? Watchers::undefined : Watchers::everyTable;
    }

    /**
     * Reads a definition.
     *
     * @param list the text of a JSON array of watchers
     * @throws RefusedException with all that is wrong
     */
    public static Watchers define(Model model, String list) throws RefusedException {
        try {
            return Watchers.define(model, array(list));
        } catch (JsonSyntaxException e) {
            throw RefusedException.of(e).below("/watchers");
        } catch (WatchException e) {
            throw refused(e).below("/watchers");
        }
    }

    /**
     * What is left of a definition that was accepted, under a model that may be another by now: watchers of tables and columns
     * that there are not any more are left out.
     */
    public static Watchers known(Model model, String list) {
        List<JsonValue> all = array(list).elements();
        List<String> fit = all.stream()
                .map(JsonValue::raw)
                .filter(watcher -> fits(model, watcher))
                .toList();
        return Watchers.define(model, array("[" + String.join(",", fit) + "]"));
    }

    /**
     * What there is under a model: what is left of a definition, or what there is before any.
     *
     * @param before that, by the model
     */
    public static Watchers of(Model model, @Nullable String list, Function<Model, Watchers> before) {
        return list == null ? before.apply(model) : known(model, list);
    }

    /**
     * As {@link #of}, of a list that nobody has accepted yet.
     *
     * @throws RefusedException where it is no list of watchers
     */
    static Watchers taken(Model model, String list) throws RefusedException {
        try {
            return array(list).isArray() ? known(model, list) : Watchers.define(model, array(list));
        } catch (JsonSyntaxException e) {
            throw RefusedException.of(e).below("/watchers");
        } catch (WatchException e) {
            throw refused(e).below("/watchers");
        }
    }

    private static boolean fits(Model model, String watcher) {
        try {
            Watchers.define(model, array("[" + watcher + "]"));
            return true;
        } catch (WatchException e) {
            return false;
        }
    }

    private static JsonValue array(String list) {
        return Objects.requireNonNull(
                JsonObject.parse("{\"watchers\":" + list + "}", LIMITS).member("watchers"));
    }

    /** A request about watchers that cannot be met. */
    public static RefusedException refused(WatchException e) {
        List<Violation> violations = e.problems().stream()
                .map(problem ->
                        new Violation(problem.pointer().isEmpty() ? null : problem.pointer(), problem.problem()))
                .toList();
        return switch (e.kind()) {
            case INVALID -> RefusedException.invalid(violations);
            case NOT_FOUND -> RefusedException.of(404, "not_found", violations, null);
            case CONFLICT -> RefusedException.of(409, "conflict", violations, null);
        };
    }
}
