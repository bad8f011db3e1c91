package io.forebay.sync.change;

import io.forebay.command.Decision;
import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.schemas.avro.DeclaredModel;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.avro.SubscriptionCommand;
import io.forebay.schemas.topic.ReservedKeys;
import io.forebay.store.StoreView;
import io.forebay.sync.change.state.ModelTable;
import io.forebay.sync.change.state.RowTable;
import io.forebay.sync.model.KnownModel;
import io.forebay.sync.model.ModelNotice;
import io.forebay.sync.model.OwnModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes the models that instances declare.
 *
 * <p><b>Rows and their keys.</b> Rows are stored under their primary key, so a table keeps it as long as it has rows. Each partition knows only its
 * own, so all are asked before a model is declared, and each refuses by what it has. A row that comes in between the question and the
 * declaration is one that the declared model cannot know: its table is truncated on its partition when the model is followed, so that it is gone
 * from everywhere at once.
 *
 * <p><b>Tables that go.</b> They are kept up to date as tables that belong to nothing, since a model without them may be an old one that
 * was declared by mistake. Who does not want such a table any more truncates it.
 */
final class Declarations {

    private final ModelTable models;
    private final RowTable rows;
    private final Placing placing;
    private final OwnModel own;
    private final Function<RowChange, byte[]> changes;
    private final Function<SubscriptionCommand, byte[]> subscriptions;
    private final String subscriptionsSink;

    /**
     * @param changes row changes to bytes
     * @param subscriptions what goes to the stage of definitions to bytes
     * @param subscriptionsSink name of the node that writes it
     */
    Declarations(
            ModelTable models,
            RowTable rows,
            Placing placing,
            OwnModel own,
            Function<RowChange, byte[]> changes,
            Function<SubscriptionCommand, byte[]> subscriptions,
            String subscriptionsSink) {
        this.models = models;
        this.rows = rows;
        this.placing = placing;
        this.own = own;
        this.changes = changes;
        this.subscriptions = subscriptions;
        this.subscriptionsSink = subscriptionsSink;
    }

    void open(StoreView view) {
        models.open(view);
        placing.open(view, models.known());
        own.follows(models.known());
    }

    private Model model() {
        return models.known().model();
    }

    /** A table that is kept up to date; null where the model has not had it. */
    @Nullable
    Table table(String name) {
        Table table = model().table(name);
        List<String> key = table == null ? models.primaryKey(name) : null;
        return key == null ? table : new Table(name, key, key, Map.of(), false);
    }

    /** The rows of a table went: where it is none of the model's, it is not kept any more. */
    void truncated(String table, Decision decision) {
        models.removeFormerKey(table, decision);
    }

    /** An instance declares its model. One that was declared already is no declaration. */
    void declare(RowChange change, Decision decision) throws RefusedException {
        KnownModel model = declared(change);
        KnownModel last = models.declared(decision);
        if (last != null && last.text().equals(model.text())) {
            return;
        }
        KnownModel versioned = model.at(decision.offset());
        models.putDeclared(versioned, decision);
        decision.command(ReservedKeys.partition(), changes.apply(ModelNotice.change(versioned)));
        decision.send(
                subscriptionsSink, KnownModel.KEY, subscriptions.apply(new SubscriptionCommand(versioned.declared())));
    }

    /**
     * The partition is asked whether it can follow a model, or told to.
     *
     * @param truncate takes the rows of a table
     * @throws RefusedException where it is asked and cannot
     */
    void decide(RowChange change, Truncation truncate, Decision decision) throws RefusedException {
        KnownModel model = declared(change);
        if (model.version() == KnownModel.NONE) {
            checkKeys(model, decision);
        } else if (model.isAfter(models.known())) {
            follow(model, truncate, decision);
        }
    }

    /** Takes the rows of a table. */
    @FunctionalInterface
    interface Truncation {
        void of(String table) throws RefusedException;
    }

    private static KnownModel declared(RowChange change) throws RefusedException {
        DeclaredModel declared = change.getDeclared();
        if (change.getOp() != RowOperation.declared || declared == null) {
            throw RefusedException.invalid("/declared", "a model, beside the operation that declares it");
        }
        return KnownModel.of(declared);
    }

    private void checkKeys(KnownModel next, Decision decision) throws RefusedException {
        List<Violation> violations = new ArrayList<>();
        for (Table table : next.model().tables().values()) {
            List<String> key = models.primaryKey(table.name());
            if (key != null && !key.equals(table.primaryKey()) && rows.hasLiveRows(table.name(), decision)) {
                violations.add(new Violation(
                        null,
                        "the table " + table.name() + " has rows, which are known by its primary key "
                                + String.join(", ", key) + ": it stays as it is until they went"));
            }
        }
        if (!violations.isEmpty()) {
            throw RefusedException.of(409, "primary_key_changed", violations, null);
        }
    }

    private void follow(KnownModel next, Truncation truncate, Decision decision) throws RefusedException {
        for (Table table : next.model().tables().values()) {
            List<String> key = models.primaryKey(table.name());
            if (key != null && !key.equals(table.primaryKey()) && rows.hasRows(table.name(), decision)) {
                truncate.of(table.name());
            }
        }
        for (Table table : model().tables().values()) {
            if (next.model().table(table.name()) == null) {
                models.putFormerKey(table.name(), table.primaryKey(), decision);
            }
        }
        next.model().tables().keySet().forEach(name -> models.removeFormerKey(name, decision));
        models.put(next, decision);
        placing.follow(next, decision);
        own.adopted(next);
    }
}
