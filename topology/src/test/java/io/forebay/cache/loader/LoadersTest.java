package io.forebay.cache.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.cache.loader.LoadFailedException.Reason;
import io.forebay.cache.loader.Loaders.Tagged;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every load, whatever it asks. */
class LoadersTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A source that answers when it is told to. */
    private record Source(CompletableFuture<Loaded> answer) implements Loader {
        @Override
        public @Nullable String unfit(List<String> parts) {
            return parts.contains("") ? "has no empty part" : null;
        }

        @Override
        public CompletableFuture<Loaded> load(List<String> parts) {
            return answer;
        }
    }

    private static Loaders loaders(Source source, Duration timeout, String... tags) {
        return new Loaders(Map.of("posts", new Tagged(source, new TagTemplates(List.of(tags)))), timeout, 1, () -> {});
    }

    private static Source answering(String... tags) {
        return new Source(
                CompletableFuture.completedFuture(new Loaded(new byte[0], "application/json", List.of(tags))));
    }

    private static Loaded load(Loaders loaders, String... parts) {
        return loaders.load("posts", List.of(parts)).toCompletableFuture().join();
    }

    private static LoadFailedException failure(Loaders loaders, String... parts) {
        CompletionException failed = catchThrowableOfType(CompletionException.class, () -> load(loaders, parts));
        return (LoadFailedException) Objects.requireNonNull(failed.getCause());
    }

    @Test
    void whatIsLoadedHasItsOwnTagsAndThoseOfTheCache() {
        assertThat(load(loaders(answering("own", "posts"), LONG, "posts", "{1}-{2}"), "by", "7")
                        .tags())
                .containsExactly("own", "posts", "by-7");
    }

    @Test
    void aTagStandsForThePartToTheLetter() {
        assertThat(load(loaders(answering(), LONG, "{1}"), "$1\\{2}").tags()).containsExactly("$1\\{2}");
    }

    @Test
    void tagsBeyondTheLimitsAreAFailure() {
        assertThat(failure(loaders(answering("t".repeat(257)), LONG), "1").detail())
                .isEqualTo("the origin's answer has to have at most 128 tags of 1 to 256 characters");
    }

    @Test
    void aKeyHasThePartsThatTagsName() {
        Loaders loaders = loaders(answering(), LONG, "author-{2}");

        assertThat(loaders.unfit("posts", List.of("by")))
                .isEqualTo("has at least 2 parts, which the cache's tags name");
        assertThat(loaders.unfit("posts", List.of("by", ""))).isEqualTo("has no empty part");
        assertThat(loaders.unfit("posts", List.of("by", "7"))).isNull();
        assertThat(loaders.unfit("others", List.of("by"))).isNull();
    }

    @Test
    void aLoadThatTakesTooLongIsGivenUp() {
        Source source = new Source(new CompletableFuture<>());

        LoadFailedException failed = failure(loaders(source, Duration.ofMillis(10)), "1");

        assertThat(failed.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(source.answer()).isCancelled();
    }

    @Test
    void moreLoadsThanThereMayBeAreRefusedAndTheirPlaceComesFree() {
        Source source = new Source(new CompletableFuture<>());
        Loaders loaders = loaders(source, LONG);
        CompletableFuture<Loaded> first = loaders.load("posts", List.of("1")).toCompletableFuture();

        assertThat(failure(loaders, "2").reason()).isEqualTo(Reason.OVERLOADED);
        source.answer().completeExceptionally(new IllegalStateException("broken"));
        assertThat(first).isCompletedExceptionally();
        assertThat(failure(loaders, "2").detail()).isEqualTo("the origin could not be asked");
    }
}
