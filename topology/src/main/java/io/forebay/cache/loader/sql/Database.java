package io.forebay.cache.loader.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.LoadFailedException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that caches load from: its connections, and as many threads that wait for its answers.
 *
 * <p>There is a thread for each connection, so a load that finds them all in use waits without one, and not longer than for a
 * connection. When a query has had its time, or nobody waits for the load any more, its statement is cancelled, which gives
 * the connection back; a database that does not hear of it either is given up by the time-outs of the driver. Connections
 * only read, and in a transaction: that way PostgreSQL's driver brings over the rows bit by bit, and a result that is too
 * large costs no more memory than a value.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private static final int FIRST_FETCH = 16;
    private static final int MOST_TOLD = 100;

    /** The state of a statement that was cancelled, in PostgreSQL; others have states of their own. */
    private static final String CANCELLED = "57014";

    private final String name;
    private final Duration connectionTimeout;
    private final Duration queryTimeout;
    private final int valueMaxBytes;
    private final HikariDataSource pool;
    private final ThreadPoolExecutor workers;
    private final ThreadPoolExecutor cancellers;
    private final AtomicBoolean unreachable = new AtomicBoolean();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * The database of a data source; it is not connected to before it is asked.
     *
     * @param name of the data source
     * @param valueMaxBytes of one answer
     * @param metrics of the pool
     */
    public Database(String name, DataSourceConfig config, int valueMaxBytes, @Nullable MetricsTrackerFactory metrics) {
        this.name = name;
        this.connectionTimeout = config.connectionTimeout();
        this.queryTimeout = config.queryTimeout();
        this.valueMaxBytes = valueMaxBytes;
        this.pool = new HikariDataSource(pool(name, config, valueMaxBytes, metrics));
        this.workers = threads("forebay-sql-" + name, config.poolSize());
        this.cancellers = threads("forebay-sql-cancel-" + name, 1);
    }

    private static HikariConfig pool(
            String name, DataSourceConfig config, int valueMaxBytes, @Nullable MetricsTrackerFactory metrics) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setJdbcUrl(config.url());
        pool.setUsername(config.user());
        pool.setPassword(config.password());
        pool.setMaximumPoolSize(config.poolSize());
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(config.connectionTimeout().toMillis());
        pool.setValidationTimeout(config.connectionTimeout().toMillis());
        pool.setInitializationFailTimeout(-1);
        pool.setReadOnly(true);
        pool.setAutoCommit(false);
        if (metrics != null) {
            pool.setMetricsTrackerFactory(metrics);
        }
        if (config.url().startsWith("jdbc:postgresql:")) {
            PostgresDefaults.of(config, valueMaxBytes).forEach(pool::addDataSourceProperty);
        }
        return pool;
    }

    private static ThreadPoolExecutor threads(String name, int number) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(number, number, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Loads that wait for a connection. */
    public int waiting() {
        return workers.getQueue().size();
    }

    /**
     * Asks, without blocking the caller.
     *
     * @param parts of the key, which the query is for
     * @return the rows as JSON; fails with a {@link LoadFailedException}; when it is cancelled, so is the statement
     */
    CompletableFuture<byte[]> ask(SqlQuery query, List<String> parts) {
        Asking asking = new Asking(
                query.sql(),
                query.parameters().stream()
                        .map(parameter -> parameter.of(parts))
                        .toList(),
                query.rows());
        CompletableFuture<Void> waited = after(connectionTimeout);
        var unusedWait = waited.thenRun(() -> {
            if (workers.remove(asking)) {
                asking.answer.completeExceptionally(
                        new LoadFailedException(Reason.OVERLOADED, "no connection to the database came free in time"));
            }
        });
        var unusedEnd = asking.answer.whenComplete((json, failure) -> {
            waited.cancel(false);
            workers.remove(asking);
            asking.cancelLater();
        });
        workers.execute(asking);
        return asking.answer;
    }

    private static CompletableFuture<Void> after(Duration time) {
        return new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One query. */
    private final class Asking implements Runnable {
        private final String sql;
        private final List<String> parameters;
        private final SqlQuery.Rows rows;
        private final CompletableFuture<byte[]> answer = new CompletableFuture<>();

        /** What runs; set under the lock. While it is being cancelled it does not end, so that no other query is met. */
        private volatile @Nullable Statement running;

        private volatile boolean late;

        Asking(String sql, List<String> parameters, SqlQuery.Rows rows) {
            this.sql = sql;
            this.parameters = parameters;
            this.rows = rows;
        }

        @Override
        public void run() {
            if (answer.isDone()) {
                return;
            }
            try {
                answer.complete(rows());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        private byte[] rows() {
            try (Connection connection = pool.getConnection()) {
                unreachable.set(false);
                return rows(connection);
            } catch (SQLException e) {
                throw notReached(e);
            }
        }

        private byte[] rows(Connection connection) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return read(statement);
            } catch (SQLException e) {
                throw late ? tooLate() : notAnswered(e);
            } catch (LoadFailedException e) {
                throw e;
            } catch (RuntimeException e) {
                // Nobody knows what state such a connection is in.
                pool.evictConnection(connection);
                throw e;
            }
        }

        private byte[] read(PreparedStatement statement) throws SQLException {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setString(i + 1, parameters.get(i));
            }
            // A row of a list takes three bytes and more, so this many are too many.
            int mostRows = rows == SqlQuery.Rows.FIRST ? 1 : valueMaxBytes / 3 + 1;
            statement.setMaxRows(mostRows);
            statement.setFetchSize(Math.min(FIRST_FETCH, mostRows));
            begin(statement);
            CompletableFuture<Void> time = after(queryTimeout);
            var unused = time.thenRun(() -> {
                late = true;
                cancelLater();
            });
            try (ResultSet result = statement.executeQuery()) {
                return RowsAsJson.read(result, rows, valueMaxBytes);
            } finally {
                time.cancel(false);
                end();
            }
        }

        private synchronized void begin(Statement statement) {
            if (answer.isDone()) {
                throw new LoadFailedException(Reason.TIMEOUT, "nobody waits for the answer any more");
            }
            running = statement;
        }

        private synchronized void end() {
            running = null;
        }

        /** Cancelling asks the database, so it is left to a thread that may wait; and nobody waits here for one that does. */
        private void cancelLater() {
            if (running != null) {
                cancellers.execute(this::cancel);
            }
        }

        private synchronized void cancel() {
            Statement statement = running;
            if (statement != null) {
                try {
                    statement.cancel();
                } catch (SQLException e) {
                    LOG.debug("{}: a statement could not be cancelled, SQLSTATE {}", name, e.getSQLState());
                }
            }
        }
    }

    private static LoadFailedException tooLate() {
        return new LoadFailedException(Reason.TIMEOUT, "the database did not answer in time");
    }

    /** Told once until the database is reached again. */
    private LoadFailedException notReached(SQLException failure) {
        String detail = withState("the database could not be reached", failure);
        if (!unreachable.getAndSet(true)) {
            LOG.warn("{}: {}", name, detail);
        }
        return new LoadFailedException(Reason.FAILED, detail);
    }

    /**
     * What the database says of a statement is told once. A message may have values in it, unless it is about the text of the
     * statement or the access to what it names: class 42.
     */
    private LoadFailedException notAnswered(SQLException failure) {
        String state = failure.getSQLState();
        if (CANCELLED.equals(state)) {
            return tooLate();
        }
        if (String.valueOf(failure.getMessage()).contains(PostgresDefaults.MAX_RESULT)) {
            return new LoadFailedException(
                    Reason.FAILED, "the database's answer has more than " + valueMaxBytes + " bytes");
        }
        String detail = withState("the database did not answer the statement", failure);
        String line = state != null && state.startsWith("42") ? detail + ": " + failure.getMessage() : detail;
        if (told.size() < MOST_TOLD && told.add(line)) {
            LOG.warn("{}: {}", name, line);
        }
        return new LoadFailedException(Reason.FAILED, detail);
    }

    private static String withState(String detail, SQLException failure) {
        return failure.getSQLState() == null ? detail : detail + ", SQLSTATE " + failure.getSQLState();
    }

    @Override
    public void close() {
        workers.shutdownNow();
        cancellers.shutdownNow();
        pool.close();
    }
}
