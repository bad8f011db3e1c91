package io.forebay.sync.subscription.state;

import io.forebay.schemas.avro.PlaceKind;
import io.forebay.sync.row.LogPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A record that is followed at a place.
 *
 * @param partition of row changes that it is on
 * @param ref of the row that was looked at
 * @param place where its change stands in the log of its source; null where that is not known
 * @param reasons numbers of the reasons for which it is followed; at least one
 * @param links what is followed because of it
 */
public record Member(int partition, long ref, @Nullable LogPlace place, Set<Integer> reasons, List<Link> links) {

    private static final long FORMAT = 1;

    public Member {
        reasons = new TreeSet<>(reasons);
        links = List.copyOf(links);
    }

    /** Without a reason, and what is followed for it. */
    public Member without(int reason) {
        Set<Integer> left = new TreeSet<>(reasons);
        left.remove(reason);
        return new Member(
                partition,
                ref,
                place,
                left,
                links.stream().filter(link -> link.by() != reason).toList());
    }

    /** With some of what is followed because of it. */
    public Member withLinks(Predicate<Link> kept) {
        return new Member(
                partition, ref, place, reasons, links.stream().filter(kept).toList());
    }

    byte[] encode() {
        CellWriter to = new CellWriter().number(FORMAT).number(partition).number(ref);
        to.flag(place != null);
        if (place != null) {
            to.text(place.source()).number(place.position()).number(place.index());
        }
        to.number(reasons.size());
        reasons.forEach(to::number);
        to.number(links.size());
        for (Link link : links) {
            to.number(link.by()).text(link.to().kind().name()).text(link.to().place());
            link.reason().write(to);
        }
        return to.toBytes();
    }

    static Member decode(byte[] encoded) {
        CellReader from = new CellReader(encoded);
        from.checkFormat(FORMAT);
        int partition = (int) from.number();
        long ref = from.number();
        LogPlace place = from.flag() ? new LogPlace(from.text(), from.number(), (int) from.number()) : null;
        Set<Integer> reasons = new TreeSet<>();
        for (long i = from.number(); i > 0; i--) {
            reasons.add((int) from.number());
        }
        List<Link> links = new ArrayList<>();
        for (long i = from.number(); i > 0; i--) {
            int by = (int) from.number();
            NodeKey to = new NodeKey(PlaceKind.valueOf(from.text()), from.text());
            links.add(new Link(by, to, Reason.read(from)));
        }
        return new Member(partition, ref, place, reasons, links);
    }
}
