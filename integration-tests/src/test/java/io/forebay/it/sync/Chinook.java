package io.forebay.it.sync;

import static io.forebay.it.sync.Association.belongsTo;
import static io.forebay.it.sync.Association.hasMany;
import static io.forebay.it.sync.Association.hasThrough;
import static io.forebay.it.sync.Association.manyToMany;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of the Chinook sample shop: eleven, one of which joins two others, and one of which leads to itself. */
final class Chinook {

    /** Primary keys by table. */
    static final Map<String, List<String>> TABLES = tables();

    static final List<Association> ASSOCIATIONS = List.of(
            hasMany("artist", "albums", "album", "artist_id"),
            hasThrough("artist", "tracks", "track", "albums", "tracks"),
            belongsTo("album", "artist", "artist", "artist_id"),
            hasMany("album", "tracks", "track", "album_id"),
            belongsTo("track", "album", "album", "album_id"),
            belongsTo("track", "genre", "genre", "genre_id"),
            belongsTo("track", "media_type", "media_type", "media_type_id"),
            manyToMany("track", "playlists", "playlist", "playlist_track", "track_id", "playlist_id"),
            hasMany("track", "sales", "invoice_line", "track_id"),
            hasMany("genre", "tracks", "track", "genre_id"),
            hasMany("media_type", "tracks", "track", "media_type_id"),
            manyToMany("playlist", "tracks", "track", "playlist_track", "playlist_id", "track_id"),
            belongsTo("playlist_track", "playlist", "playlist", "playlist_id"),
            belongsTo("playlist_track", "track", "track", "track_id"),
            belongsTo("employee", "boss", "employee", "reports_to"),
            hasMany("employee", "reports", "employee", "reports_to"),
            hasMany("employee", "customers", "customer", "support_rep_id"),
            belongsTo("customer", "agent", "employee", "support_rep_id"),
            hasMany("customer", "invoices", "invoice", "customer_id"),
            hasThrough("customer", "bought", "track", "invoices", "lines", "track"),
            belongsTo("invoice", "customer", "customer", "customer_id"),
            hasMany("invoice", "lines", "invoice_line", "invoice_id"),
            belongsTo("invoice_line", "invoice", "invoice", "invoice_id"),
            belongsTo("invoice_line", "track", "track", "track_id"));

    /** What is loaded below the records of each table. */
    static final Map<String, String> PRELOADS = Map.ofEntries(
            Map.entry("artist", "albums.tracks,tracks"),
            Map.entry("album", "artist,tracks.genre"),
            Map.entry("track", "album.artist,genre,media_type,playlists,sales.invoice"),
            Map.entry("genre", "tracks"),
            Map.entry("media_type", "tracks"),
            Map.entry("playlist", "tracks"),
            Map.entry("playlist_track", "playlist,track"),
            Map.entry("employee", "boss.boss,reports.reports,customers"),
            Map.entry("customer", "agent.boss,invoices.lines,bought"),
            Map.entry("invoice", "customer,lines.track"),
            Map.entry("invoice_line", "invoice,track"));

    private Chinook() {}

    private static Map<String, List<String>> tables() {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        for (String table : List.of(
                "artist",
                "album",
                "track",
                "genre",
                "media_type",
                "playlist",
                "employee",
                "customer",
                "invoice",
                "invoice_line")) {
            tables.put(table, List.of(table + "_id"));
        }
        tables.put("playlist_track", List.of("playlist_id", "track_id"));
        return tables;
    }

    /** The file of the model. Columns that no key names are left to the rows. */
    static String model() {
        StringBuilder model = new StringBuilder("tables:\n");
        TABLES.forEach((table, key) -> {
            String columns = Stream.concat(
                            key.stream(),
                            ASSOCIATIONS.stream()
                                    .filter(association -> association.kind().equals("belongs_to")
                                            && association.owner().equals(table))
                                    .map(Association::key))
                    .distinct()
                    .collect(Collectors.joining(", "));
            model.append("  " + table + ":\n    pk: " + key + "\n    columns: [" + columns + "]\n    assocs:\n");
            ASSOCIATIONS.stream()
                    .filter(association -> association.owner().equals(table))
                    .forEach(association -> model.append("      " + association.declaration() + "\n"));
        });
        return model.toString();
    }

    static Association association(String owner, String name) {
        return ASSOCIATIONS.stream()
                .filter(association ->
                        association.owner().equals(owner) && association.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** SQL that answers every record of a table with what is below it, as an array. */
    static String records(String table, String preload) {
        return "SELECT json_agg(" + record(table, "r0", shape(preload), 1) + ") FROM " + table + " r0";
    }

    private record Shape(Map<String, Shape> below) {}

    private static Shape shape(String preload) {
        Shape root = new Shape(new LinkedHashMap<>());
        for (String path : preload.split(",", -1)) {
            Shape at = root;
            for (String step : path.split("\\.", -1)) {
                at = at.below().computeIfAbsent(step, name -> new Shape(new LinkedHashMap<>()));
            }
        }
        return root;
    }

    private static String record(String table, String alias, Shape shape, int depth) {
        StringBuilder sql =
                new StringBuilder("json_build_object('table', '" + table + "', 'row', row_to_json(" + alias + ")");
        if (!shape.below().isEmpty()) {
            sql.append(", 'assocs', json_build_object(");
            String separator = "";
            for (Map.Entry<String, Shape> one : shape.below().entrySet()) {
                sql.append(separator)
                        .append("'" + one.getKey() + "', ")
                        .append(related(association(table, one.getKey()), alias, one.getValue(), depth));
                separator = ", ";
            }
            sql.append(")");
        }
        return sql.append(")").toString();
    }

    private static String related(Association association, String owner, Shape shape, int depth) {
        String alias = "r" + depth + "_" + association.name();
        String table = association.table();
        String record = record(table, alias, shape, depth + 1);
        String from = " FROM " + table + " " + alias + " WHERE " + condition(association, owner, alias);
        String key = alias + "." + Objects.requireNonNull(TABLES.get(table)).get(0);
        return association.isMany()
                ? "(SELECT coalesce(json_agg(" + record + " ORDER BY " + key + "), '[]'::json)" + from + ")"
                : "(SELECT " + record + from + ")";
    }

    private static String condition(Association association, String owner, String alias) {
        if (association.path().isEmpty()) {
            return association.joins(owner, alias);
        }
        StringBuilder from = new StringBuilder();
        StringBuilder where = new StringBuilder("true");
        String at = owner;
        String table = association.owner();
        for (int i = 0; i < association.path().size(); i++) {
            Association step = association(table, association.path().get(i));
            boolean last = i == association.path().size() - 1;
            String next = last ? alias : alias + i;
            if (!last) {
                from.append(i == 0 ? "" : ", ").append(step.table()).append(' ').append(next);
            }
            where.append(" AND ").append(step.joins(at, next));
            at = next;
            table = step.table();
        }
        return "EXISTS (SELECT 1 FROM " + from + " WHERE " + where + ")";
    }
}
