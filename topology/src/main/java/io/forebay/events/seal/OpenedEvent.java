package io.forebay.events.seal;

import io.forebay.schemas.avro.RecordedEvent;

/**
 * An event as readers may be told it: in clear, or known to be erased. A sealed event that nobody has tried to open is
 * neither, so that none is told as erased by mistake.
 *
 * @param event in clear, or as the log has it where it is erased
 * @param erased whether the key that sealed it is destroyed
 */
public record OpenedEvent(RecordedEvent event, boolean erased) {

    public OpenedEvent {
        if (erased != (event.getSealedBy() != null)) {
            throw new IllegalArgumentException("an event is told in clear, or erased");
        }
    }

    /** An event that is in clear. */
    public static OpenedEvent inClear(RecordedEvent event) {
        return new OpenedEvent(event, false);
    }
}
