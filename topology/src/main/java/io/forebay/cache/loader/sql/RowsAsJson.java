package io.forebay.cache.loader.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.LoadFailedException.Reason;
import io.forebay.cache.loader.sql.SqlQuery.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rows as JSON, in UTF-8: each an object with a member for each column, in their order. What a column becomes is said by its
 * type, never by a value in it:
 *
 * <ul>
 *   <li>whole and decimal numbers: the same number, digit by digit; floating-point ones as Java writes them; what JSON has no
 *       number for ({@code NaN}, infinities) a string
 *   <li>booleans, and null of every type: as they are
 *   <li>timestamps and dates: ISO 8601, those with a time zone in UTC; {@code infinity} and {@code -infinity}
 *   <li>binary: Base64 (RFC 4648, section 4)
 *   <li>JSON: the same document, to the letter
 *   <li>arrays: arrays of what their elements become
 *   <li>everything else: the text that the driver gives
 * </ul>
 */
final class RowsAsJson {
    private static final JsonFactory JSON = new JsonFactory();

    /** Beyond this exponent a decimal is written with one, since its zeros would be most of the value. */
    private static final int LONGEST_SCALE = 1_000;

    private static final int LARGEST_FETCH = 1_000;

    private final ResultSet rows;
    private final int mostBytes;

    private RowsAsJson(ResultSet rows, int mostBytes) {
        this.rows = rows;
        this.mostBytes = mostBytes;
    }

    /**
     * Reads the rows.
     *
     * @param mostBytes of the answer; of a longer one the rest is not read
     * @throws LoadFailedException when it has more, or two columns of one name
     */
    static byte[] read(ResultSet rows, Rows form, int mostBytes) throws SQLException {
        try {
            return new RowsAsJson(rows, mostBytes).read(form);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read(Rows form) throws SQLException, IOException {
        LimitedBytes bytes = new LimitedBytes(mostBytes);
        List<Column> columns = columns();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            if (form == Rows.FIRST) {
                if (rows.next()) {
                    row(columns, json);
                } else {
                    json.writeNull();
                }
            } else {
                json.writeStartArray();
                for (int read = 1; rows.next(); read++) {
                    row(columns, json);
                    fetchWhatFits(read, bytes.size() + json.getOutputBuffered());
                }
                json.writeEndArray();
            }
        }
        return bytes.toByteArray();
    }

    /** The next rows are brought over in such a number as would fill the rest of the value if they were like those so far. */
    private void fetchWhatFits(int read, int written) throws SQLException {
        long rest = Math.max(0, mostBytes - written);
        rows.setFetchSize((int) Math.min(LARGEST_FETCH, 1 + rest * read / written));
    }

    private static void row(List<Column> columns, JsonGenerator json) throws SQLException, IOException {
        json.writeStartObject();
        for (Column column : columns) {
            json.writeFieldName(column.name());
            column.cell().write(json);
        }
        json.writeEndObject();
    }

    private record Column(String name, Cell cell) {}

    /** Writes a column of the row that its result is at. */
    @FunctionalInterface
    private interface Cell {
        void write(JsonGenerator json) throws SQLException, IOException;
    }

    private List<Column> columns() throws SQLException {
        ResultSetMetaData described = rows.getMetaData();
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int column = 1; column <= described.getColumnCount(); column++) {
            String name = described.getColumnLabel(column);
            if (!names.add(name)) {
                throw new LoadFailedException(Reason.FAILED, "two columns of the statement have one name");
            }
            columns.add(new Column(name, cell(rows, column)));
        }
        return columns;
    }

    private static Cell cell(ResultSet rows, int column) throws SQLException {
        ResultSetMetaData described = rows.getMetaData();
        switch (described.getColumnTypeName(column).toLowerCase(Locale.ROOT)) {
            case "json", "jsonb" -> {
                return json -> json(rows.getString(column), json);
            }
            case "timestamptz" -> {
                return json -> instant(rows, column, json);
            }
            case "money", "bit", "varbit", "uuid" -> {
                return json -> json.writeString(rows.getString(column));
            }
            default -> {}
        }
        return switch (described.getColumnType(column)) {
            case Types.BOOLEAN,
                    Types.BIT,
                    Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE,
                    Types.NUMERIC,
                    Types.DECIMAL -> json -> scalar(rows, column, json);
            case Types.TIMESTAMP ->
                json -> {
                    LocalDateTime value = rows.getObject(column, LocalDateTime.class);
                    temporal(
                            value,
                            LocalDateTime.MIN.equals(value),
                            LocalDateTime.MAX.equals(value),
                            DateTimeFormatter.ISO_LOCAL_DATE_TIME,
                            json);
                };
            case Types.TIMESTAMP_WITH_TIMEZONE -> json -> instant(rows, column, json);
            case Types.DATE ->
                json -> {
                    LocalDate value = rows.getObject(column, LocalDate.class);
                    temporal(
                            value,
                            LocalDate.MIN.equals(value),
                            LocalDate.MAX.equals(value),
                            DateTimeFormatter.ISO_LOCAL_DATE,
                            json);
                };
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                json -> {
                    byte[] value = rows.getBytes(column);
                    json.writeString(value == null ? null : Base64.getEncoder().encodeToString(value));
                };
            case Types.ARRAY -> json -> array(rows.getArray(column), json);
            default -> json -> json.writeString(rows.getString(column));
        };
    }

    private static void scalar(ResultSet rows, int column, JsonGenerator json) throws SQLException, IOException {
        Object value = rows.getObject(column);
        if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof BigDecimal decimal) {
            json.writeNumber(
                    Math.abs((long) decimal.scale()) > LONGEST_SCALE ? decimal.toString() : decimal.toPlainString());
        } else if (value instanceof BigInteger whole) {
            json.writeNumber(whole);
        } else if (value instanceof Float number && Float.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            json.writeNumber(((Number) value).longValue());
        } else {
            json.writeString(value == null ? null : value.toString());
        }
    }

    private static void json(String document, JsonGenerator json) throws IOException {
        if (document == null) {
            json.writeNull();
        } else {
            json.writeRawValue(document);
        }
    }

    private static void instant(ResultSet rows, int column, JsonGenerator json) throws SQLException, IOException {
        OffsetDateTime value = rows.getObject(column, OffsetDateTime.class);
        boolean first = OffsetDateTime.MIN.equals(value);
        boolean last = OffsetDateTime.MAX.equals(value);
        temporal(
                value == null || first || last ? value : value.withOffsetSameInstant(ZoneOffset.UTC),
                first,
                last,
                DateTimeFormatter.ISO_OFFSET_DATE_TIME,
                json);
    }

    private static void temporal(
            Temporal value, boolean first, boolean last, DateTimeFormatter format, JsonGenerator json)
            throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (first || last) {
            json.writeString(first ? "-infinity" : "infinity");
        } else {
            json.writeString(format.format(value));
        }
    }

    private static void array(Array array, JsonGenerator json) throws SQLException, IOException {
        if (array == null) {
            json.writeNull();
            return;
        }
        json.writeStartArray();
        try (ResultSet elements = array.getResultSet()) {
            Cell cell = cell(elements, 2);
            while (elements.next()) {
                cell.write(json);
            }
        } finally {
            array.free();
        }
        json.writeEndArray();
    }
}
