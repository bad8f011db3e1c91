package io.forebay.keys.http;

import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.http.Response;
import io.forebay.http.calls.StreamCalls;
import io.forebay.keys.query.KeyPage;
import io.forebay.keys.query.MatchKeys;
import io.forebay.keys.state.KeyBytes;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.path.PathMatch;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.stream.SnapshotPage;
import io.forebay.stream.SnapshotPager;
import io.forebay.stream.StreamChange;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The stream of what a match meets: the keys as they are, then every change. */
final class KeyStream {
    private final StreamCalls streams;
    private final TopicSpec input;
    private final int snapshotPage;

    KeyStream(StreamCalls streams, TopicSpec input, int snapshotPage) {
        this.streams = streams;
        this.input = input;
        this.snapshotPage = snapshotPage;
    }

    CompletionStage<Response> open(Request request, PathMatch match) {
        for (String name : new String[] {"limit", "cursor", "allow-partial", "max-staleness"}) {
            if (request.parameter(name) != null) {
                throw Problem.invalid(name, "is not taken by a stream").exception();
            }
        }
        OptionalInt only = input.partitionFor(match);
        IntStream partitions =
                only.isPresent() ? IntStream.of(only.getAsInt()) : IntStream.range(0, input.partitions());
        return streams.open(
                request,
                partitions.boxed().collect(Collectors.toCollection(TreeSet::new)),
                selector(match),
                pager(match));
    }

    /** Most changes are of other namespaces, and told apart by their first bytes. */
    private static Predicate<StreamChange> selector(PathMatch match) {
        byte[] prefix = KeyBytes.of(Path.of(match.literalPrefix()));
        return change -> {
            byte[] key = change.key();
            return key.length >= prefix.length
                    && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)
                    && match.matches(KeyBytes.path(key));
        };
    }

    private SnapshotPager pager(PathMatch match) {
        return (partition, cursor, atLeast) -> streams.page(
                        partition, new MatchKeys(match.toString(), (String) cursor, snapshotPage), atLeast)
                .thenApply(answer -> page(answer.value(), answer.position()));
    }

    private static SnapshotPage page(KeyPage page, long position) {
        String scannedTo = page.scannedTo();
        byte[] json = KeyJson.records(page.entries());
        return scannedTo == null
                ? new SnapshotPage(json, new byte[0], true, position, null)
                : new SnapshotPage(json, KeyBytes.of(Path.parse(scannedTo)), false, position, scannedTo);
    }
}
