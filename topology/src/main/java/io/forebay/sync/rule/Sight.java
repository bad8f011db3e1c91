package io.forebay.sync.rule;

import io.forebay.schemas.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one subscription may see. A row has to be allowed twice: by the server's rule for its table, and by the subscription's own.
 *
 * <p>A change is judged by its rows, each by itself: whether the subscriber could see the old one, and whether he can see the new one.
 * What comes out of the two is an insertion, an update, a deletion or nothing, whatever the change was; so what a client keeps is at any
 * time what it may see. In a rule {@code row} is the row that is judged. {@code old} is the row before it where the new one of an
 * update is judged, and null else: a row before the change has none before it that anybody knows of.
 *
 * <p>The server's rule sees all of a row. A subscription's own rule comes from the subscriber, who learns its answer: it
 * sees what he may see, rows without hidden columns, and an old row only if the server's rule would have shown it to him.
 *
 * <p>Safe for use by many threads.
 */
public final class Sight {

    private static final Seen NOTHING = new Seen.Nothing();

    private final RuleStats stats;
    private final @Nullable JsonMap claims;
    private final OwnRule own;
    private final Map<String, Set<String>> columns;

    Sight(RuleStats stats, @Nullable JsonObject claims, OwnRule own, Map<String, Set<String>> columns) {
        this.stats = stats;
        this.claims = claims == null ? null : new JsonMap(claims);
        this.own = own;
        this.columns = new LinkedHashMap<>();
        columns.forEach((table, named) -> this.columns.put(table, new LinkedHashSet<>(named)));
    }

    /** Whether he may see a row that is read. */
    public boolean sees(TableRow row) {
        return mayBeShown(Occasion.SNAPSHOT, row, null) && isWanted(Occasion.SNAPSHOT, row, null);
    }

    /** The columns of a row that he gets; this does not ask whether he may see it. */
    public JsonObject narrow(TableRow row) {
        Set<String> named = columns.get(row.table());
        if (named == null) {
            return row.open();
        }
        Set<String> placing = row.rules().placing();
        return row.open().only(column -> named.contains(column) || placing.contains(column));
    }

    /** A row that is read, as he gets it; null when he may not see it. */
    public @Nullable JsonObject show(TableRow row) {
        return sees(row) ? narrow(row) : null;
    }

    /** What a change is to him. */
    public Seen of(TableChange change) {
        TableRow row = change.row();
        TableRow old = change.old();
        if (row == null) {
            return deleted(change, old);
        }
        return change.occasion() == Occasion.UPDATED ? updated(old, row) : inserted(change.occasion(), row);
    }

    private Seen inserted(Occasion occasion, TableRow row) {
        boolean seen = mayBeShown(occasion, row, null) && isWanted(occasion, row, null);
        return seen ? new Seen.Inserted(narrow(row)) : NOTHING;
    }

    private Seen deleted(TableChange change, @Nullable TableRow old) {
        if (old == null) {
            // That it was there is all there is to tell, and no row says whether he may know.
            boolean seesAll = change.rules().allowAll() && own instanceof OwnRule.Anything;
            return seesAll ? new Seen.Deleted(null) : NOTHING;
        }
        boolean seen = mayBeShown(Occasion.DELETED, old, null) && isWanted(Occasion.DELETED, old, null);
        return seen ? new Seen.Deleted(narrow(old)) : NOTHING;
    }

    private Seen updated(@Nullable TableRow old, TableRow row) {
        Occasion occasion = Occasion.UPDATED;
        boolean shownBefore = old != null && mayBeShown(occasion, old, null);
        boolean before = old != null && shownBefore && isWanted(occasion, old, null);
        boolean now = mayBeShown(occasion, row, old) && isWanted(occasion, row, shownBefore ? old : null);
        if (old == null) {
            return now ? new Seen.Updated(null, narrow(row)) : NOTHING;
        }
        if (now) {
            return before ? new Seen.Updated(narrow(old), narrow(row)) : new Seen.Inserted(narrow(row));
        }
        return before ? new Seen.Deleted(narrow(old)) : NOTHING;
    }

    /** By the server's rule. */
    private boolean mayBeShown(Occasion occasion, TableRow row, @Nullable TableRow old) {
        TableRules rules = row.rules();
        Rule visible = rules.visible();
        if (visible == null) {
            return rules.open();
        }
        return claims != null
                && isAllowed(
                        visible,
                        new Variables(
                                rules.table(),
                                occasion,
                                row.allValues(),
                                old == null ? null : old.allValues(),
                                claims));
    }

    /** By the subscription's own. */
    private boolean isWanted(Occasion occasion, TableRow row, @Nullable TableRow old) {
        if (own instanceof OwnRule.Written written) {
            return isAllowed(
                    written.rule(),
                    new Variables(
                            row.table(), occasion, row.openValues(), old == null ? null : old.openValues(), claims));
        }
        return !(own instanceof OwnRule.Equal equal) || equal.conditions().hold(row.open());
    }

    private boolean isAllowed(Rule rule, Variables variables) {
        Verdict verdict = rule.judge(variables);
        stats.count(verdict);
        return verdict == Verdict.ALLOWED;
    }
}
