package io.forebay.sync.http;

import io.forebay.command.Outcome;
import io.forebay.command.TransactionalSender;
import io.forebay.command.Violation;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.CommandCalls;
import io.forebay.http.calls.CommandCalls.Part;
import io.forebay.http.calls.Conditions;
import io.forebay.http.calls.JsonBuffer;
import io.forebay.http.calls.Refusals;
import io.forebay.records.model.Model;
import io.forebay.schemas.avro.RowChange;
import io.forebay.schemas.avro.RowOperation;
import io.forebay.schemas.json.JsonValue;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.change.RowOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes row changes in. Those of one call are one transaction of the log, whichever partitions they go to. The deletion under the
 * former key, where a change gives a record another one, and the truncation of a table on every partition are sent along, so that
 * the position that is answered covers them.
 */
final class ChangeWrites {

    private static final String AFTER = "/after";

    private final CommandCalls<RowChange> commands;
    private final TransactionalSender transactions;
    private final TopicSpec input;
    private final Model model;
    private final SyncHttpConfig config;

    ChangeWrites(
            CommandCalls<RowChange> commands,
            TransactionalSender transactions,
            TopicSpec input,
            Model model,
            SyncHttpConfig config) {
        this.commands = commands;
        this.transactions = transactions;
        this.input = input;
        this.model = model;
        this.config = config;
    }

    CompletionStage<Response> write(Request request) {
        Conditions.refuse(request);
        List<GivenChange> given =
                Refusals.checked(() -> ChangesBody.parse(request.body(), config, model, request.id()));
        List<Part<RowChange>> parts = new ArrayList<>(given.size());
        List<Integer> ends = new ArrayList<>(given.size());
        for (GivenChange change : given) {
            addParts(change, parts);
            ends.add(parts.size());
        }
        return commands.writeEach(
                request,
                transactions,
                parts,
                (part, refused) -> inBody(indexOf(part, ends), refused),
                outcomes -> answer(given, ends, outcomes));
    }

    /** The last part of a change is the one that tells of it. */
    private void addParts(GivenChange given, List<Part<RowChange>> parts) {
        Path record = given.record();
        if (record == null) {
            for (int partition = 0; partition < input.partitions(); partition++) {
                parts.add(new Part<>(partition, null, given.change()));
            }
            return;
        }
        Path former = given.former();
        if (former != null) {
            RowChange deletion = RowChange.newBuilder(given.change())
                    .setOp(RowOperation.deleted)
                    .setAfter(null)
                    .setId(null)
                    .build();
            parts.add(new Part<>(input.partitionFor(former), former, deletion));
        }
        parts.add(new Part<>(input.partitionFor(record), record, given.change()));
    }

    private static int indexOf(int part, List<Integer> ends) {
        int index = 0;
        while (ends.get(index) <= part) {
            index++;
        }
        return index;
    }

    /** What was refused of a change, with its place in the body. */
    private static Outcome inBody(int index, Outcome refused) {
        List<Violation> violations = refused.violations().stream()
                .map(violation -> new Violation(inBody(index, violation.field()), violation.rule()))
                .toList();
        return new Outcome(refused.status(), refused.code(), violations, refused.body());
    }

    private static @Nullable String inBody(int index, @Nullable String field) {
        if (field == null || !field.startsWith("/")) {
            return field;
        }
        return "/changes/" + index + (field.startsWith(AFTER) ? "/row" + field.substring(AFTER.length()) : field);
    }

    private static Response answer(List<GivenChange> given, List<Integer> ends, List<Outcome> outcomes) {
        JsonBuffer json = new JsonBuffer().text("{\"changes\":[");
        for (int i = 0; i < given.size(); i++) {
            RowChange change = given.get(i).change();
            RowOutcome outcome = RowOutcome.of(outcomes.get(ends.get(i) - 1));
            json.text(i == 0 ? "{" : ",{");
            if (change.getId() != null) {
                json.text("\"id\":")
                        .text(JsonValue.ofText(change.getId()).raw())
                        .text(",");
            }
            if (given.get(i).record() != null) {
                json.text("\"ref\":\"" + outcome.ref() + "\",");
            }
            json.text("\"applied\":" + outcome.applied() + "}");
        }
        return Response.json(json.text("]}").bytes());
    }
}
