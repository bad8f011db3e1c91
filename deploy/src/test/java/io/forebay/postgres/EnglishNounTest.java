package io.forebay.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnglishNounTest {

    @ParameterizedTest
    @CsvSource({
        "album, albums",
        "playlist_track, playlist_tracks",
        "media_type, media_types",
        "category, categories",
        "day, days",
        "address, addresses",
        "box, boxes",
        "match, matches",
        "order_status, order_statuses",
        "warehouse, warehouses",
        "cause, causes",
        "campus, campuses",
        "person, people",
        "grandchild, grandchilds",
        "step_child, step_children",
        "movie, movies",
        "OrderLine, OrderLines",
        "Category, Categories",
        "ORDER_LINE, ORDER_LINES",
    })
    void theTwoFormsOfANoun(String one, String several) {
        assertThat(EnglishNoun.plural(one)).isEqualTo(several);
        assertThat(EnglishNoun.plural(several)).isEqualTo(several);
        assertThat(EnglishNoun.singular(several)).isEqualTo(one);
        assertThat(EnglishNoun.singular(one)).isEqualTo(one);
    }

    @ParameterizedTest
    @CsvSource({"metadata", "news", "series", "t1", "_", "'a b 7'"})
    void namesWithOneForm(String name) {
        assertThat(EnglishNoun.plural(name)).isEqualTo(name);
        assertThat(EnglishNoun.singular(name)).isEqualTo(name);
    }
}
