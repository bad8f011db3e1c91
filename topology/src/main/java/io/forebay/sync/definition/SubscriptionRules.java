package io.forebay.sync.definition;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.InvalidValueException;
import io.forebay.records.value.Shape;
import io.forebay.schemas.avro.Subscribe;
import io.forebay.schemas.json.JsonLimits;
import io.forebay.schemas.json.JsonObject;
import io.forebay.schemas.json.JsonSyntaxException;
import io.forebay.schemas.json.JsonValue;
import io.forebay.sync.rule.AccessRules;
import io.forebay.sync.rule.OwnRule;
import io.forebay.sync.rule.RuleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a subscription has to be like, beside its identifier. What breaks a rule is named as the call has it. */
public final class SubscriptionRules {

    /** The longest rule, and the longest text of claims, in characters. */
    public static final int LONGEST_TEXT = 16 * 1024;

    /** The shortest and the longest time that a subscription lives without being renewed, in milliseconds. */
    public static final long SHORTEST_LEASE_MS = 1_000;

    /** See {@link #SHORTEST_LEASE_MS}. */
    public static final long LONGEST_LEASE_MS = 366L * 86_400_000;

    private final AccessRules rules;

    /**
     * @param rules the server's
     */
    public SubscriptionRules(AccessRules rules) {
        this.rules = rules;
    }

    /**
     * Checks all of a subscription but its identifier.
     *
     * @param model which associations there are
     * @throws RefusedException with everything that is wrong
     */
    public void check(Subscribe subscribe, Model model) throws RefusedException {
        List<Violation> violations = new ArrayList<>();
        String table = subscribe.getRows().getTable();
        checkAssociations(table, subscribe.getAssocs(), model, violations);
        checkColumns(subscribe.getColumns(), violations);
        checkRule(subscribe.getRule(), violations);
        String claims = subscribe.getClaims();
        if (claims != null && (claims.length() > LONGEST_TEXT || object(claims) == null)) {
            violations.add(new Violation("/claims", "an object of at most " + LONGEST_TEXT + " characters"));
        }
        Long lease = subscribe.getLeaseMs();
        if (lease != null && (lease < SHORTEST_LEASE_MS || lease > LONGEST_LEASE_MS)) {
            violations.add(
                    new Violation("/lease_ms", "a whole number from " + SHORTEST_LEASE_MS + " to " + LONGEST_LEASE_MS));
        }
        if (!violations.isEmpty()) {
            throw RefusedException.invalid(violations);
        }
    }

    private static void checkAssociations(String name, String assocs, Model model, List<Violation> violations) {
        JsonObject shape = object(assocs);
        Table table = model.table(name);
        if (shape == null) {
            violations.add(new Violation("/assocs", "an object of associations"));
        } else if (table != null) {
            try {
                Shape.parse(JsonValue.of(shape), table, model);
            } catch (InvalidValueException e) {
                violations.add(new Violation("/assocs" + e.pointer(), e.problem()));
            }
        } else if (!shape.members().isEmpty()) {
            violations.add(new Violation("/assocs", "empty for a table that the model does not have"));
        }
    }

    private void checkColumns(@Nullable String text, List<Violation> violations) {
        if (text == null) {
            return;
        }
        JsonObject columns = object(text);
        if (columns == null) {
            violations.add(new Violation("/columns", "an object of lists of columns, by table"));
            return;
        }
        Map<String, Set<String>> byTable = new LinkedHashMap<>();
        for (JsonObject.Member member : columns.members()) {
            JsonValue named = member.value();
            if (!named.isArray() || !named.elements().stream().allMatch(JsonValue::isString)) {
                String name = member.name().replace("~", "~0").replace("/", "~1");
                violations.add(new Violation("/columns/" + name, "a list of columns"));
            } else {
                byTable.put(
                        member.name(),
                        named.elements().stream()
                                .map(JsonValue::asText)
                                .collect(Collectors.toCollection(TreeSet::new)));
            }
        }
        rules.check(byTable)
                .forEach(problem -> violations.add(new Violation("/columns" + problem.pointer(), problem.problem())));
    }

    private static void checkRule(@Nullable String rule, List<Violation> violations) {
        if (rule == null) {
            return;
        }
        if (rule.isEmpty() || rule.length() > LONGEST_TEXT) {
            violations.add(new Violation("/authorize", "a text of 1 to " + LONGEST_TEXT + " characters"));
            return;
        }
        try {
            OwnRule.ofText(rule);
        } catch (RuleException e) {
            violations.add(new Violation("/authorize", String.valueOf(e.getMessage())));
        }
    }

    private static @Nullable JsonObject object(String text) {
        try {
            return JsonObject.parse(text, JsonLimits.defaults());
        } catch (JsonSyntaxException e) {
            return null;
        }
    }
}
