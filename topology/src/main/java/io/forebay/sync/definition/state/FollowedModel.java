package io.forebay.sync.definition.state;

import io.forebay.command.Decision;
import io.forebay.store.StoreView;
import io.forebay.sync.model.KnownModel;
import org.jspecify.annotations.Nullable;

/** The model that a partition of definitions follows. */
public final class FollowedModel {

    private FollowedModel() {}

    /** What is stored; null where none was declared. */
    public static @Nullable KnownModel of(StoreView view) {
        return KnownModel.of(view.get(DefinitionKeys.model()));
    }

    /** Stores another one. */
    public static void put(KnownModel model, Decision decision) {
        decision.put(DefinitionKeys.model(), model.encode());
    }
}
