package io.forebay.keys.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.Cursor;
import io.forebay.http.calls.MergedPages;
import io.forebay.http.calls.ReadCalls;
import io.forebay.keys.query.GetKey;
import io.forebay.keys.query.GetKeys;
import io.forebay.keys.query.KeyEntry;
import io.forebay.keys.query.KeyFound;
import io.forebay.keys.query.KeyPage;
import io.forebay.keys.query.MatchKeys;
import io.forebay.routing.Answer;
import io.forebay.routing.Gathered;
import io.forebay.routing.ReadOptions;
import io.forebay.routing.Router;
import io.forebay.routing.StoreRef;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.path.PathSyntaxException;
import io.forebay.schemas.position.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The reads: one key, several, and what a match meets. */
final class KeyReads {
    /** Keeps a page that asks for it from running what it shows: a value is whatever somebody stored. */
    private static final String SANDBOX = "default-src 'none'; sandbox";

    private final Router router;
    private final StoreRef store;
    private final Duration timeout;
    private final long answerBytes;

    KeyReads(Router router, StoreRef store, KeysHttpConfig config) {
        this.router = router;
        this.store = store;
        this.timeout = config.readTimeout();
        this.answerBytes = config.answerBytes();
    }

    CompletionStage<Response> get(Request request, Path key) {
        ReadOptions options = ReadCalls.options(request, timeout);
        return router.ask(store, store.source().partitionFor(key), new GetKey(key.toString()), options)
                .thenApply(KeyReads::found);
    }

    private static Response found(Answer<KeyFound> answer) {
        KeyFound found = answer.value();
        Position position = ReadCalls.positionOf(answer);
        byte[] value = found.value();
        if (value == null) {
            return Response.problem(Problem.of(404, "not_found", "There is no such key", null))
                    .at(position);
        }
        return Response.of(200, contentType(found), value)
                .with("Content-Security-Policy", SANDBOX)
                .tagged(Long.toString(found.version()))
                .at(position);
    }

    private static String contentType(KeyFound found) {
        String contentType = found.contentType();
        return contentType == null ? ValueJson.BYTES : contentType;
    }

    /** Several keys, in the order in which they are asked for; those that are not there are left out. */
    CompletionStage<Response> getMany(Request request, List<Path> keys) {
        ReadOptions options = ReadCalls.options(request, timeout);
        Map<Integer, List<Integer>> places = new TreeMap<>();
        for (int i = 0; i < keys.size(); i++) {
            places.computeIfAbsent(store.source().partitionFor(keys.get(i)), partition -> new ArrayList<>())
                    .add(i);
        }
        Collected collected = new Collected(keys, answerBytes);
        List<CompletableFuture<@Nullable Void>> asked = new ArrayList<>();
        places.forEach((partition, wanted) ->
                asked.add(collect(collected, partition, wanted, options).toCompletableFuture()));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(done ->
                        Response.json(KeyJson.records(collected.entries())).at(collected.position()));
    }

    /** An answer may have fewer keys than were asked for, and the rest is asked for then. */
    private CompletionStage<@Nullable Void> collect(
            Collected collected, int partition, List<Integer> places, ReadOptions options) {
        GetKeys query = new GetKeys(collected.paths(places));
        return router.ask(store, partition, query, options).thenCompose(answer -> {
            int got = answer.value().found().size();
            collected.add(places, answer.value().found(), ReadCalls.positionOf(answer));
            return got < places.size()
                    ? collect(collected, partition, places.subList(got, places.size()), options)
                    : CompletableFuture.completedFuture(null);
        });
    }

    CompletionStage<Response> list(Request request, PathMatch match) {
        int limit = ReadCalls.limit(request);
        MatchKeys query = new MatchKeys(match.toString(), after(request), limit);
        ReadOptions options = ReadCalls.options(request, timeout);
        OptionalInt only = store.source().partitionFor(match);
        CompletionStage<Gathered<KeyPage>> gathered = only.isPresent()
                ? router.ask(store, only.getAsInt(), query, options)
                        .thenApply(answer -> new Gathered<>(List.of(answer), List.of()))
                : router.askAll(store, query, options);
        return gathered.thenApply(pages -> page(pages, limit));
    }

    private static Response page(Gathered<KeyPage> gathered, int limit) {
        MergedPages<Placed, Path> merged = MergedPages.of(
                gathered.answers().stream()
                        .map(answer -> placed(answer.value()))
                        .toList(),
                Placed::place,
                Comparator.naturalOrder(),
                limit);
        Path next = merged.next();
        List<KeyEntry> entries = merged.entries().stream().map(Placed::entry).toList();
        return Response.json(
                        KeyJson.page(entries, next == null ? null : Cursor.write(next.toBytes()), gathered.missing()))
                .at(ReadCalls.positionOf(gathered));
    }

    private record Placed(Path place, KeyEntry entry) {}

    private static MergedPages.Page<Placed, Path> placed(KeyPage page) {
        String scannedTo = page.scannedTo();
        return new MergedPages.Page<>(
                page.entries().stream()
                        .map(entry -> new Placed(Path.parse(entry.key()), entry))
                        .toList(),
                scannedTo == null ? null : Path.parse(scannedTo));
    }

    private static @Nullable String after(Request request) {
        byte[] place = Cursor.read(request);
        if (place == null) {
            return null;
        }
        try {
            return Path.parse(place).toString();
        } catch (PathSyntaxException e) {
            throw Cursor.refused();
        }
    }
}
