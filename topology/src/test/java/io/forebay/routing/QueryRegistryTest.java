package io.forebay.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueryRegistryTest {

    private final QueryRegistry queries = new QueryRegistry().register("sample", Sample.class, Found.class);

    @Test
    void aQueryTravelsWithItsBytesAsTheyAre() {
        byte[] key = {0, -1, 127, -128};
        byte[] written = queries.write(new Sample(key, List.of("a", "ü"), null, 1L << 62));

        Sample read = (Sample) queries.readQuery("sample", written);

        assertThat(read.key()).isEqualTo(key);
        assertThat(read.words()).containsExactly("a", "ü");
        assertThat(read.status()).isNull();
        assertThat(read.number()).isEqualTo(1L << 62);
        assertThat(written).containsSequence(key);
    }

    @Test
    void aResultTravelsAndSoDoesNone() {
        Sample query = new Sample(new byte[0], List.of(), "x", 0);

        Found found = queries.readResult(query, queries.write(new Found(new byte[] {5}, 7)));
        Found none = queries.readResult(query, queries.write(null));

        assertThat(found.value()).containsExactly(5);
        assertThat(found.offset()).isEqualTo(7);
        assertThat(none).isNull();
    }

    @Test
    void aMemberOfALaterReleaseIsIgnored() {
        byte[] later = queries.write(new LaterFound(new byte[] {5}, 7, "new"));

        Found found = queries.readResult(new Sample(new byte[0], List.of(), null, 0), later);

        assertThat(found.offset()).isEqualTo(7);
    }

    @Test
    void whatIsNotKnownOrNotReadableIsRefused() {
        byte[] garbage = "garbage".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> queries.readQuery("other", garbage)).isInstanceOf(QueryFailedException.class);
        assertThatThrownBy(() -> queries.readQuery("sample", garbage)).isInstanceOf(QueryFailedException.class);
        assertThatThrownBy(() -> queries.read(garbage, PeerRequest.class)).isInstanceOf(QueryFailedException.class);
    }

    @Test
    void aNameIsTakenOnce() {
        assertThatThrownBy(() -> queries.register("sample", PositionQuery.class, Long.class))
                .isInstanceOf(IllegalStateException.class);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sample(byte[] key, List<String> words, @Nullable String status, long number) implements StoreQuery<Found> {

        @Override
        public Found evaluate(StoreView view) {
            return new Found(key, view.position());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Found(byte[] value, long offset) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record LaterFound(byte[] value, long offset, String more) {}
}
