package io.forebay.sync.association.state;

import io.forebay.schemas.avro.PlaceKind;
import io.forebay.sync.model.KnownModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a subscriber wants what happens at a place.
 *
 * @param kind of the place
 * @param place its canonical path
 * @param subscriber who
 * @param request what everything that it finds is told with
 * @param model version of the model by which it began: one that replaces another goes on from that one
 */
public record Interest(PlaceKind kind, String place, String subscriber, long request, long model) {

    private static final byte FORMAT = 1;

    /** One that found something, by whichever model. */
    public Interest(PlaceKind kind, String place, String subscriber, long request) {
        this(kind, place, subscriber, request, KnownModel.NONE);
    }

    /** The same, that goes on from an earlier one; null: there is none. */
    public Interest after(@Nullable Interest former) {
        return former == null ? this : new Interest(kind, place, subscriber, request, former.model);
    }

    byte[] encode() {
        return new FieldsOut()
                .putByte(FORMAT)
                .putLong(request)
                .putLong(model)
                .putText(subscriber)
                .toBytes();
    }

    static Interest decode(PlaceKind kind, String place, byte[] encoded) {
        FieldsIn in = FieldsIn.of(encoded, FORMAT);
        long request = in.takeLong();
        long model = in.takeLong();
        return new Interest(kind, place, in.takeText(), request, model);
    }

    /** Writes several; those of one place next to each other take the least room. */
    static byte[] encodeAll(List<Interest> interests) {
        FieldsOut out = new FieldsOut().putByte(FORMAT);
        String place = "";
        PlaceKind kind = PlaceKind.other;
        for (Interest interest : interests) {
            boolean same = interest.kind() == kind && interest.place().equals(place);
            kind = interest.kind();
            place = interest.place();
            if (same) {
                out.putByte(0);
            } else {
                out.putByte(Kinds.code(kind)).putText(place);
            }
            out.putText(interest.subscriber()).putLong(interest.request());
        }
        return out.toBytes();
    }

    /** Reads several. */
    static void decodeAll(byte[] encoded, List<Interest> to) {
        FieldsIn in = FieldsIn.of(encoded, FORMAT);
        String place = "";
        PlaceKind kind = PlaceKind.other;
        while (in.hasMore()) {
            byte code = in.takeByte();
            if (code != 0) {
                kind = Kinds.of(code);
                place = in.takeText();
            }
            to.add(new Interest(kind, place, in.takeText(), in.takeLong()));
        }
    }
}
