package io.forebay.records.model;

import io.forebay.records.file.FileObject;
import io.forebay.records.file.FileProblem;
import io.forebay.records.file.FileText;
import io.forebay.records.file.InvalidFileException;
import io.forebay.schemas.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file that a model is written in, YAML or JSON:
 *
 * <pre>{@code
 * tables:
 *   posts:
 *     pk: [id]                # a text or a list; id when it is left out
 *     columns: [id, name, user_id]
 *     assocs:
 *       user: {kind: belongs_to, table: users, fk: user_id}
 *       comments: {kind: has_many, table: comments, fk: post_id, where: {hidden: false}, order: [[id, desc]]}
 *       tags: {kind: many_to_many, table: tags, through: posts_tags, owner_key: post_id, related_key: tag_id}
 *       commenters: {kind: has_through, path: [comments, author]}
 * }</pre>
 *
 * <p>{@code belongs_to} has its {@code fk} on the owner, {@code has_one} and {@code has_many} on the other table. A key of several
 * columns is a list, in the order of the primary key that it holds. A join table may be left out of the tables: its columns are
 * then the keys that associations name, which are its primary key in the order in which they are named first. {@code where} asks of
 * the other table's columns: a value, null, {@code {in: [..]}} or {@code {not: ..}}. {@code note} is for people and may stand
 * anywhere; {@code schemaless: true} tells a join table that is watched by its name.
 *
 * <p>A file is checked as a whole, and every problem is told with its place.
 */
public final class ModelFile {

    private static final Set<String> TABLE_MEMBERS =
            new LinkedHashSet<>(List.of("pk", "columns", "assocs", "schemaless"));

    private final List<FileProblem> problems = new ArrayList<>();
    private final Map<String, TableDraft> drafts = new LinkedHashMap<>();

    private ModelFile() {}

    /**
     * Reads a model.
     *
     * @throws InvalidFileException with every problem, when there is any
     */
    public static Model parse(String text) {
        return parse(FileText.read(text));
    }

    /**
     * Reads a model from the object that its file is.
     *
     * @throws InvalidFileException with every problem, when there is any
     */
    public static Model parse(JsonObject file) {
        return new ModelFile().read(file);
    }

    /** A model as a file that reads as an equal one. */
    public static JsonObject write(Model model) {
        return ModelWriter.write(model);
    }

    private Model read(JsonObject file) {
        FileObject root = new FileObject(file, "", problems);
        root.allow(Set.of("tables"));
        FileObject tables = root.object("tables");
        if (tables != null) {
            for (String name : tables.names()) {
                readTable(name, tables);
            }
            new AssociationReader(drafts).readAll();
        }
        if (!problems.isEmpty()) {
            throw new InvalidFileException(problems);
        }
        Map<String, Table> complete = new LinkedHashMap<>();
        drafts.values().forEach(draft -> complete.put(draft.name, draft.table()));
        return new Model(complete);
    }

    private void readTable(String name, FileObject tables) {
        FileObject file = tables.object(name);
        if (file == null) {
            return;
        }
        if (name.isEmpty()) {
            file.problem("a table's name is not empty");
        }
        file.allow(TABLE_MEMBERS);
        List<String> columns = file.differentNames("columns");
        List<String> primaryKey = file.has("pk") ? file.differentNames("pk") : List.of("id");
        if (columns != null && primaryKey != null) {
            for (String column : primaryKey) {
                if (!columns.contains(column)) {
                    file.problem("pk", "names " + column + ", which is no column of the table");
                }
            }
        }
        TableDraft draft = new TableDraft(
                name,
                primaryKey == null ? List.of() : primaryKey,
                columns == null ? List.of() : columns,
                file.flag("schemaless"));
        drafts.put(name, draft);
        FileObject associations = file.has("assocs") ? file.object("assocs") : null;
        if (associations != null) {
            readAssociations(draft, associations);
        }
    }

    private static void readAssociations(TableDraft draft, FileObject associations) {
        for (String name : associations.names()) {
            FileObject one = associations.object(name);
            if (one != null) {
                draft.written.put(name, one);
            }
        }
    }
}
