package io.forebay.cache.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.change.ChangedRow.TransactionId;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered of transactions, and when it is forgotten. */
class SentInvalidationsTest {

    private static final Dependency BY_ID = Dependency.parse("c", "t key {id}");
    private static final Dependency ALL = Dependency.parse("c", "u");

    private final SentInvalidations sent = new SentInvalidations(3);

    private static Entries entries(int id) {
        return BY_ID.of(column -> Integer.toString(id));
    }

    private Collection<Entries> send(String transaction, int id) {
        return sent.unsent(new TransactionId("", transaction), 0, BY_ID, List.of(entries(id)));
    }

    @Test
    void moreThanTheMostBecomeAll() {
        assertThat(send("tx", 1)).containsExactly(entries(1));
        assertThat(send("tx", 2)).containsExactly(entries(2));
        assertThat(send("tx", 3)).containsExactly(entries(3));
        assertThat(send("tx", 2)).isEmpty();
        assertThat(send("tx", 4)).containsExactly(BY_ID.widest());
        assertThat(send("tx", 5)).isEmpty();
        assertThat(send("other", 5)).containsExactly(entries(5));
    }

    @Test
    void allOfACacheHoldsForItsOtherTablesToo() {
        sent.unsent(new TransactionId("", "tx"), 0, ALL, List.of(ALL.widest()));

        assertThat(send("tx", 1)).isEmpty();
    }

    @Test
    void theTransactionsSeenLastAreRemembered() {
        for (int i = 0; i < 40; i++) {
            send("tx" + i, 1);
        }

        assertThat(send("tx39", 1)).isEmpty();
        assertThat(send("tx20", 1)).as("12 invalidations are kept").containsExactly(entries(1));
    }
}
