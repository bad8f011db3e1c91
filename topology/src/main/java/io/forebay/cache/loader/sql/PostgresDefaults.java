package io.forebay.cache.loader.sql;

import java.time.Duration;
import java.util.Map;

/** What PostgreSQL's driver is told where the URL does not say otherwise. */
final class PostgresDefaults {
    /** The bound of one fetch, which the driver names when it is exceeded. */
    static final String MAX_RESULT = "maxResultBuffer";

    private PostgresDefaults() {}

    static Map<String, String> of(DataSourceConfig config, int valueMaxBytes) {
        return Map.of(
                // The database finds out what type a parameter has to have: parts of keys are text.
                "stringtype",
                "unspecified",
                "ApplicationName",
                "forebay",
                "connectTimeout",
                seconds(config.connectionTimeout()),
                "cancelSignalTimeout",
                seconds(config.connectionTimeout()),
                // The last resort, for a database that has gone without a word.
                "socketTimeout",
                seconds(config.queryTimeout().plusSeconds(5)),
                // No column takes more bytes on its way than four times those of its JSON.
                MAX_RESULT,
                Long.toString(4L * valueMaxBytes + (1 << 20)));
    }

    private static String seconds(Duration time) {
        return Long.toString(Math.max(1, time.plusMillis(999).toSeconds()));
    }
}
