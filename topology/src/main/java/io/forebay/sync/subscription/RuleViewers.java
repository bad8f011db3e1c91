package io.forebay.sync.subscription;

import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.rule.Occasion;
import io.forebay.sync.rule.OwnRule;
import io.forebay.sync.rule.RuleException;
import io.forebay.sync.rule.Seen;
import io.forebay.sync.rule.Sight;
import io.forebay.sync.rule.TableChange;
import io.forebay.sync.subscription.state.Permit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen under permits by the rules. Of one thread: what rules look at is made once of a change that several are told one after
 * the other.
 */
final class RuleViewers implements Function<Permit, Viewer> {

    private static final JsonLimits LIMITS = JsonLimits.defaults().withMaxBytes(Integer.MAX_VALUE);

    private final AccessRules rules;
    private @Nullable Delivered lastDelivered;
    private @Nullable TableChange lastChange;

    RuleViewers(AccessRules rules) {
        this.rules = rules;
    }

    @Override
    public Viewer apply(Permit permit) {
        Sight sight;
        try {
            sight = rules.sight(claims(permit), own(permit.rule()), columns(permit.columns()));
        } catch (RuleException | JsonSyntaxException e) {
            // It was checked when it was subscribed; what cannot be understood any more lets nothing be seen.
            return delivered -> Viewer.Seen.NOTHING;
        }
        return delivered -> seen(sight.of(change(delivered)));
    }

    private static @Nullable JsonObject claims(Permit permit) {
        String claims = permit.claims();
        return claims == null ? null : JsonObject.parse(claims, LIMITS);
    }

    private static OwnRule own(@Nullable String rule) {
        return rule == null ? OwnRule.NONE : OwnRule.ofText(rule);
    }

    private static Map<String, Set<String>> columns(@Nullable String text) {
        Map<String, Set<String>> columns = new HashMap<>();
        if (text != null) {
            for (JsonObject.Member table : JsonObject.parse(text, LIMITS).members()) {
                Set<String> named = new LinkedHashSet<>();
                table.value().elements().forEach(column -> named.add(column.asText()));
                columns.put(table.name(), named);
            }
        }
        return columns;
    }

    private TableChange change(Delivered delivered) {
        TableChange change = lastChange;
        if (change == null || delivered != lastDelivered) {
            Occasion occasion = occasion(delivered.op());
            boolean hasBefore = occasion == Occasion.UPDATED || occasion == Occasion.DELETED;
            change = rules.change(
                    delivered.record().table(),
                    occasion,
                    hasBefore ? delivered.old() : null,
                    occasion == Occasion.DELETED ? null : delivered.row());
            lastDelivered = delivered;
            lastChange = change;
        }
        return change;
    }

    private static Occasion occasion(RowOperation op) {
        return switch (op) {
            case inserted -> Occasion.INSERTED;
            case updated -> Occasion.UPDATED;
            case deleted -> Occasion.DELETED;
            default -> Occasion.SNAPSHOT;
        };
    }

    private static Viewer.Seen seen(Seen seen) {
        if (seen instanceof Seen.Inserted inserted) {
            return new Viewer.Seen(null, inserted.row(), Viewer.Seen.Kind.INSERTED);
        }
        if (seen instanceof Seen.Updated updated) {
            return new Viewer.Seen(updated.old(), updated.row(), Viewer.Seen.Kind.UPDATED);
        }
        return seen instanceof Seen.Deleted deleted
                ? new Viewer.Seen(deleted.old(), null, Viewer.Seen.Kind.DELETED)
                : Viewer.Seen.NOTHING;
    }
}
