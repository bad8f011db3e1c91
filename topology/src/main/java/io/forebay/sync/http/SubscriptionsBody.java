package io.forebay.sync.http;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.http.Request;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.InvalidValueException;
import io.forebay.records.value.Shape;
import io.forebay.records.value.Value;
import io.forebay.records.value.ValueJson;
import io.forebay.records.watch.Identifier;
import io.forebay.records.watch.IdentifierJson;
import io.forebay.records.watch.Scope;
import io.forebay.records.watch.WatchException;
import io.forebay.records.watch.Watcher;
import io.forebay.records.watch.WatcherName;
import io.forebay.records.watch.Watchers;
import io.forebay.schemas.json.JsonValue;
import io.forebay.sync.definition.WatcherDefinitions;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What somebody subscribes to, as JSON. One of these says what it is about:
 *
 * <pre>
 * {"table": "posts"}                                          every change of a table
 * {"watcher": ["posts", "inserted"], "id": ["user_id", 42]}   some rows of a watcher
 * {"label": "renamed", "by": {"pk": 7}}                       the same of one with a label
 * {"target": value, "assocs": {"comments": {}}}               records, and what is below them
 * </pre>
 *
 * <p>Of records one hears, and follows what enters below them, until one ends it. Of the others one hears what the watcher tells, and no
 * more unless {@code follow} or {@code snapshot} say so.
 */
final class SubscriptionsBody {

    private static final List<String> FORMS = List.of("table", "watcher", "label", "target");

    private final Body body;
    private final Watchers watchers;
    private final Model model;

    private SubscriptionsBody(Body body, Watchers watchers, Model model) {
        this.body = body;
        this.watchers = watchers;
        this.model = model;
    }

    /** The body of a call. */
    static Body of(Request request, SyncHttpConfig config) {
        return new Body(
                request,
                config,
                "table",
                "watcher",
                "id",
                "label",
                "by",
                "target",
                "assocs",
                "inserted",
                "authorize",
                "columns",
                "snapshot",
                "follow",
                "lease_ms");
    }

    /**
     * Reads what a call is about.
     *
     * @param maxCount identifiers at the most
     * @throws RefusedException with what is wrong
     */
    static WantedSubscriptions read(Body body, Watchers watchers, Model model, int maxCount) throws RefusedException {
        body.requireKnown();
        WantedSubscriptions wanted = new SubscriptionsBody(body, watchers, model).read();
        if (wanted.identifiers().size() > maxCount) {
            throw new RefusedException(
                    413,
                    "too_large",
                    null,
                    "at most " + maxCount + " identifiers, and this makes "
                            + wanted.identifiers().size());
        }
        return wanted;
    }

    private WantedSubscriptions read() throws RefusedException {
        String form = form();
        boolean isTarget = form.equals("target");
        boolean snapshot = body.member("snapshot") == null ? isTarget : body.flag("snapshot");
        boolean follow = body.member("follow") == null ? isTarget : body.flag("follow");
        String rule = rule();
        Long lease = lease();
        boolean inserted = body.flag("inserted");
        String table = body.text("table");
        body.throwIfViolated();
        Map<Identifier, Shape> identifiers;
        try {
            identifiers = switch (form) {
                case "table" -> all(watchers.identifiers(String.valueOf(table)));
                case "watcher" -> one("watcher", "id");
                case "label" -> one("label", "by");
                default -> target(inserted);
            };
        } catch (WatchException e) {
            throw form.equals("table") ? at("/table", e) : WatcherDefinitions.refused(e);
        }
        String columns = columns(identifiers);
        body.throwIfViolated();
        return new WantedSubscriptions(identifiers, snapshot, follow, rule, columns, lease);
    }

    private static RefusedException at(String pointer, WatchException e) {
        RefusedException refused = WatcherDefinitions.refused(e);
        List<Violation> violations = refused.violations().stream()
                .map(violation -> new Violation(pointer, violation.rule()))
                .toList();
        return RefusedException.of(refused.status(), refused.code(), violations, null);
    }

    private String form() throws RefusedException {
        List<String> given = FORMS.stream().filter(body.object::has).toList();
        if (given.size() != 1) {
            throw RefusedException.invalid("", "one of " + String.join(", ", FORMS));
        }
        String form = given.get(0);
        requireWith("id", "watcher", form);
        requireWith("by", "label", form);
        requireWith("inserted", "target", form);
        return form;
    }

    private void requireWith(String member, String wanted, String form) {
        if (body.object.has(member) && !form.equals(wanted)) {
            body.violate("/" + member, "beside " + wanted + " only");
        }
    }

    private Map<Identifier, Shape> all(List<Identifier> identifiers) throws RefusedException {
        Map<Identifier, Shape> all = new LinkedHashMap<>();
        for (Identifier identifier : identifiers) {
            all.put(identifier, shape(identifier));
        }
        return all;
    }

    private Map<Identifier, Shape> one(String nameMember, String idMember) throws RefusedException {
        JsonValue name = body.object.member(nameMember);
        JsonValue id = body.object.member(idMember);
        WatcherName watcher = IdentifierJson.watcher(name == null ? JsonValue.NULL : name, "/" + nameMember);
        Scope scope = id == null ? Scope.EVERY_ROW : IdentifierJson.id(id, "/" + idMember);
        return all(List.of(watchers.identifier(watcher, scope)));
    }

    private Shape shape(Identifier identifier) throws RefusedException {
        JsonValue assocs = body.member("assocs");
        Watcher watcher = watchers.watcher(identifier.watcher());
        Table table = watcher == null ? null : model.table(watcher.table());
        return assocs == null || table == null ? Shape.BARE : shape(assocs, table);
    }

    private Shape shape(JsonValue assocs, Table table) throws RefusedException {
        try {
            return Shape.parse(assocs, table, model);
        } catch (InvalidValueException e) {
            throw RefusedException.invalid("/assocs" + e.pointer(), e.problem());
        }
    }

    private Map<Identifier, Shape> target(boolean inserted) throws RefusedException {
        JsonValue given = body.object.member("target");
        Value target;
        try {
            target = new ValueJson(model).read(given == null ? JsonValue.NULL : given);
        } catch (InvalidValueException e) {
            throw RefusedException.invalid("/target" + e.pointer(), e.problem());
        }
        Map<Identifier, Shape> identifiers = new LinkedHashMap<>();
        watchers.identifiers(target, targetShape(target), inserted)
                .forEach((identifier, below) -> identifiers.put(identifier, ofTable(identifier, below)));
        return identifiers;
    }

    /**
     * What is followed below the rows of an identifier. Where these only tie two records, what was asked for is below the other one, and is
     * followed from the record that it was asked for.
     */
    private Shape ofTable(Identifier identifier, Shape below) {
        Watcher watcher = watchers.watcher(identifier.watcher());
        Table table = watcher == null ? null : model.table(watcher.table());
        Map<String, Shape> known = new LinkedHashMap<>();
        below.associations().forEach((name, shape) -> {
            if (table != null && isOf(table, new Shape(Map.of(name, shape)))) {
                known.put(name, shape);
            }
        });
        return new Shape(known);
    }

    private boolean isOf(Table table, Shape shape) {
        try {
            Shape.parse(JsonValue.of(shape.toJson()), table, model);
            return true;
        } catch (InvalidValueException e) {
            return false;
        }
    }

    /** All that is loaded, or what is named, which some table of the target has to know. */
    private Shape targetShape(Value target) throws RefusedException {
        JsonValue assocs = body.member("assocs");
        if (assocs == null) {
            return Shape.BARE;
        }
        List<Value.Loaded> records = target instanceof Value.Loaded one
                ? List.of(one)
                : target instanceof Value.Items items ? loaded(items) : List.of();
        if (assocs.isBoolean() && assocs.asBoolean()) {
            return records.stream().map(Value.Loaded::shape).reduce(Shape.BARE, Shape::merge);
        }
        Shape shape = Shape.BARE;
        Set<String> tables = records.stream()
                .map(record -> record.row().table())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (String table : tables) {
            shape = shape.merge(shape(assocs, model.require(table)));
        }
        return shape;
    }

    private static List<Value.Loaded> loaded(Value.Items items) {
        return items.values().stream()
                .filter(Value.Loaded.class::isInstance)
                .map(Value.Loaded.class::cast)
                .toList();
    }

    private @Nullable String rule() {
        JsonValue authorize = body.member("authorize");
        if (authorize == null) {
            return null;
        }
        if (authorize.isObject()) {
            return authorize.raw();
        }
        return body.text("authorize");
    }

    private @Nullable Long lease() {
        JsonValue lease = body.member("lease_ms");
        if (lease == null) {
            return null;
        }
        if (!lease.isNumber() || !lease.isInteger() || lease.raw().length() > 15) {
            body.violate("/lease_ms", "a whole number of milliseconds");
            return null;
        }
        return Long.parseLong(lease.raw());
    }

    /** A list is of the one table that the call is about. */
    private @Nullable String columns(Map<Identifier, Shape> identifiers) {
        JsonValue columns = body.member("columns");
        if (columns == null) {
            return null;
        }
        if (!columns.isArray()) {
            return columns.raw();
        }
        Set<String> tables = new LinkedHashSet<>();
        for (Identifier identifier : identifiers.keySet()) {
            Watcher watcher = watchers.watcher(identifier.watcher());
            if (watcher != null) {
                tables.add(watcher.table());
            }
        }
        if (tables.size() != 1) {
            body.violate("/columns", "an object of lists of columns by table, where it is about several");
            return null;
        }
        String table = tables.iterator().next();
        return "{" + JsonValue.ofText(table).raw() + ":" + columns.raw() + "}";
    }
}
