package io.forebay.transfer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Events that follow each other in a file and go out in one append. No two of a stream have the same id: whichever comes second
 * is told from the first by an append of its own, once the first is recorded.
 */
final class Batch {

    private static final byte[] HEAD = "{\"events\":[".getBytes(StandardCharsets.UTF_8);

    private final int maxCount;
    private final int maxBytes;
    private final List<ImportedEvent> events = new ArrayList<>();
    private final Set<List<String>> known = new HashSet<>();
    private int bytes;

    Batch(int maxCount, int maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /** Whether an event can be added; to an empty batch any can. */
    boolean takes(ImportedEvent event) {
        return events.isEmpty()
                || (events.size() < maxCount && bytes + event.length() <= maxBytes && !known.contains(key(event)));
    }

    void add(ImportedEvent event) {
        events.add(event);
        known.add(key(event));
        bytes += event.length();
    }

    List<ImportedEvent> events() {
        return events;
    }

    private static List<String> key(ImportedEvent event) {
        return List.of(event.stream().get(0), event.stream().get(1), event.id());
    }

    /** The body of an append of events. */
    static byte[] body(List<ImportedEvent> events) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(HEAD.length
                + 2
                + events.stream().mapToInt(ImportedEvent::length).sum());
        body.writeBytes(HEAD);
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                body.write(',');
            }
            body.writeBytes(events.get(i).json().bytes());
        }
        body.writeBytes(new byte[] {']', '}'});
        return body.toByteArray();
    }
}
