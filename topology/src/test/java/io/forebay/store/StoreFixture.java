package io.forebay.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store of one task in a directory, with its changelog as a list, driven as Kafka Streams drives it. */
final class StoreFixture implements AutoCloseable {
    static final TopicPartition CHANGELOG = new TopicPartition("app-things-changelog", 3);
    static final TaskId TASK = new TaskId(0, 3);
    static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    /** Payloads are words: each is an entry before the record's key, and is counted; so are all bytes. */
    static final Indexing WORDS = (key, payload, sink) -> {
        for (String word : new String(payload, UTF_8).split(" ", -1)) {
            sink.index(entry(word, key));
            sink.count(bytes(word), 1);
        }
        sink.count(bytes("length"), payload.length);
    };

    final List<KeyValue<byte[], byte[]>> changelog = new ArrayList<>();
    final StoreSpec spec;
    private final StoreEngine engine;
    private final TaskId task;
    private final boolean exactlyOnce;
    private final Path stateDirectory;
    private @Nullable EngineStore store;
    private @Nullable BatchingStateRestoreCallback restore;
    private @Nullable CommitCallback commitCallback;

    StoreFixture(StoreEngine engine, Path stateDirectory, Indexing indexing, boolean exactlyOnce) {
        this(engine, stateDirectory, indexing, exactlyOnce, TASK);
    }

    StoreFixture(StoreEngine engine, Path stateDirectory, Indexing indexing, boolean exactlyOnce, TaskId task) {
        this(engine, stateDirectory, indexing, RecordForm.binary(), false, exactlyOnce, task);
    }

    private StoreFixture(
            StoreEngine engine,
            Path stateDirectory,
            Indexing indexing,
            RecordForm form,
            boolean appendOnly,
            boolean exactlyOnce,
            TaskId task) {
        this.engine = engine;
        this.task = task;
        this.stateDirectory = stateDirectory;
        this.exactlyOnce = exactlyOnce;
        this.spec = new StoreSpec("things", indexing, "input", form, appendOnly);
    }

    static StoreFixture in(Path stateDirectory) {
        return in(stateDirectory, RecordForm.binary());
    }

    static StoreFixture in(Path stateDirectory, RecordForm form) {
        return new StoreFixture(engine(NOW), stateDirectory, WORDS, form, false, true, TASK);
    }

    static StoreFixture appendOnly(Path stateDirectory, long now) {
        return new StoreFixture(engine(now), stateDirectory, WORDS, new VarintForm(), true, true, TASK);
    }

    /** The engine's own form, and one as a feature may have it. */
    static Stream<RecordForm> forms() {
        return Stream.of(RecordForm.binary(), new VarintForm());
    }

    static StoreEngine engine(long now) {
        return StoreEngine.create(StoreEngineConfig.defaults(), Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC));
    }

    /** The same directory in the hands of another process, which has an engine and a changelog of its own. */
    StoreFixture inAnotherProcess(Path copied, long now) {
        return new StoreFixture(engine(now), copied, spec.indexing(), exactlyOnce);
    }

    StoreFixture open() {
        EngineStore opened = (EngineStore) engine.supplier(spec).get();
        opened.init(new Context(), opened);
        store = opened;
        return this;
    }

    EngineStore store() {
        return Objects.requireNonNull(store, "the store is not open");
    }

    OpenStore handle() {
        return (OpenStore)
                Objects.requireNonNull(engine.partition("things", task.partition()), "the store is not open");
    }

    StoreEngine engine() {
        return engine;
    }

    Path directory() {
        return stateDirectory.resolve("things");
    }

    Path databaseDirectory() {
        return directory().resolve("db");
    }

    /** A writer whose writes are appended to the changelog, as Kafka Streams' wrapper does it. */
    StoreWriter writer() {
        return new StoreWriter(logged(), handle());
    }

    /** Writes one record as the whole write set of an input record. */
    void write(long offset, String key, @Nullable String payload) {
        WriteSet writes = writer().begin(offset, NOW + offset);
        if (payload == null) {
            writes.delete(bytes(key));
        } else {
            writes.put(bytes(key), bytes(payload));
        }
        writes.commit();
    }

    @Nullable
    String read(String key) {
        Stored stored = handle().get(bytes(key));
        return stored == null ? null : new String(stored.payload(), UTF_8);
    }

    void restore(List<KeyValue<byte[], byte[]>> records) {
        Objects.requireNonNull(restore, "the store is not open").restoreAll(records);
    }

    /** Commits as at the end of a clean run. */
    void commit() {
        store().commit(Map.of(CHANGELOG, (long) changelog.size()));
        commitPosition();
    }

    void commitPosition() {
        try {
            Objects.requireNonNull(commitCallback, "the store is not open").onCommit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void closeStore() {
        if (store != null) {
            store.close();
            store = null;
        }
    }

    @Override
    public void close() {
        closeStore();
        engine.close();
    }

    /** What a kill leaves behind once everything in memory has been flushed. */
    void copyAsAfterKill(Path target) throws Exception {
        handle().database().flush();
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path file : files.toList()) {
                Path copy = target.resolve("things").resolve(directory().relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    Contents contents() {
        return Contents.of(handle());
    }

    /** Everything that can be read from a store, in a form to be compared. */
    record Contents(
            TreeMap<String, String> records,
            List<String> index,
            TreeMap<String, Long> counters,
            long position,
            long logTime) {
        static Contents of(OpenStore handle) {
            try (StoreView view = handle.snapshot()) {
                TreeMap<String, String> records = new TreeMap<>();
                TreeMap<String, Long> counters = new TreeMap<>();
                List<String> index = new ArrayList<>();
                try (Scan scan = view.scan(new byte[0], null)) {
                    while (scan.next()) {
                        records.put(text(scan.key()), text(scan.value()) + "@" + scan.valueOffset());
                    }
                }
                try (Scan scan = view.scanIndex(new byte[0], null)) {
                    while (scan.next()) {
                        index.add(text(scan.key()));
                        String word =
                                text(scan.key()).substring(0, text(scan.key()).indexOf('\0'));
                        counters.put(word, view.count(bytes(word)));
                    }
                }
                counters.put("length", view.count(bytes("length")));
                return new Contents(records, index, counters, view.position(), view.logTime());
            }
        }
    }

    static byte[] entry(String word, byte[] key) {
        return bytes(word + '\0' + text(key));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @SuppressWarnings("unchecked")
    private KeyValueStore<Bytes, byte[]> logged() {
        EngineStore inner = store();
        return (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(inner, arguments);
                        if (method.getName().equals("putAll")) {
                            for (KeyValue<Bytes, byte[]> record : (List<KeyValue<Bytes, byte[]>>) arguments[0]) {
                                changelog.add(KeyValue.pair(record.key.get(), record.value));
                            }
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class Context implements StateStoreContext {
        @Override
        public String applicationId() {
            return "app";
        }

        @Override
        public TaskId taskId() {
            return task;
        }

        @Override
        public Optional<RecordMetadata> recordMetadata() {
            return Optional.empty();
        }

        @Override
        public Serde<?> keySerde() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Serde<?> valueSerde() {
            throw new UnsupportedOperationException();
        }

        @Override
        public File stateDir() {
            return stateDirectory.toFile();
        }

        @Override
        public StreamsMetrics metrics() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void register(StateStore root, StateRestoreCallback callback) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void register(StateStore root, StateRestoreCallback callback, CommitCallback onCommit) {
            restore = (BatchingStateRestoreCallback) callback;
            commitCallback = onCommit;
        }

        @Override
        public Map<String, Object> appConfigs() {
            return Map.of(
                    StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                    exactlyOnce ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
        }

        @Override
        public Map<String, Object> appConfigsWithPrefix(String prefix) {
            return Map.of();
        }
    }
}
