package io.forebay.routing;

import io.forebay.store.StoreQuery;
import io.forebay.store.StoreView;

/** Asks how far a store is. It is known everywhere. */
public record PositionQuery() implements StoreQuery<Long> {

    @Override
    public Long evaluate(StoreView view) {
        return view.position();
    }
}
