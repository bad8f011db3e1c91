package io.forebay.sync.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.records.model.Model;
import io.forebay.records.model.Table;
import io.forebay.records.value.InvalidValueException;
import io.forebay.records.value.Shape;
import io.forebay.schemas.path.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What calls about records name: a table, a record of it, what is loaded below. */
final class RecordRequests {

    private final Model model;

    RecordRequests(Model model) {
        this.model = model;
    }

    /** The table of a call. */
    Table table(Request request) {
        Table table = model.table(request.pathParameter("table"));
        if (table == null) {
            throw Problem.of(404, "not_found", "The model has no such table", null)
                    .exception();
        }
        return table;
    }

    /** The record of a call. */
    Path record(Request request) {
        Table table = table(request);
        List<String> parts = new ArrayList<>();
        parts.add(table.name());
        parts.addAll(request.pathParts("key"));
        if (parts.size() != 1 + table.primaryKey().size()) {
            throw Problem.invalid("key", "has a value for each of " + String.join(", ", table.primaryKey()))
                    .exception();
        }
        return Path.of(parts);
    }

    /** What is loaded below records of a table. */
    Shape preload(Request request, Table table) {
        return preload(request.parameter("preload"), table);
    }

    Shape preload(@Nullable String text, Table table) {
        try {
            return text == null ? Shape.BARE : Shape.parse(text, table, model);
        } catch (InvalidValueException e) {
            throw Problem.invalid("preload", "paths of associations, such as posts.comments,posts.tags: " + e.problem())
                    .exception();
        }
    }
}
