package io.forebay.sync.association;

import io.forebay.command.Decision;
import io.forebay.schemas.path.Path;
import io.forebay.sync.association.state.Interest;
import io.forebay.sync.association.state.InterestTable;
import io.forebay.sync.association.state.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever has an interest in a table that rows of it went. It is no matter in which order with other changes of these rows: a
 * ref says which of two is the later.
 */
final class Truncations {

    private final InterestTable interests;
    private final Deliveries deliveries;
    private final PlaceLimits limits;

    Truncations(InterestTable interests, Deliveries deliveries, PlaceLimits limits) {
        this.interests = interests;
        this.deliveries = deliveries;
        this.limits = limits;
    }

    /** Tells some; what is left to tell comes back. */
    @Nullable
    Work tell(Work.Truncated work, Decision decision) {
        List<Interest> concerned = new ArrayList<>();
        String table = Path.parse(work.change().record()).part(0);
        byte[] rest = interests.addOf(table, work.from(), limits.decisionInterests(), concerned, decision);
        deliveries.tell(work.change(), concerned, decision);
        return rest == null ? null : new Work.Truncated(work.change(), rest);
    }
}
