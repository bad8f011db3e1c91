package io.forebay.it.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events (WHATWG HTML, section 9.2), parsed off a thread of its own. Messages without data carry an id only:
 * they move {@link #lastEventId()} and are not delivered, as in a browser.
 */
public final class EventStream implements AutoCloseable {
    private static final Message END = new Message(null, "", "");

    private final int status;
    private final InputStream body;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private volatile @Nullable String lastEventId;

    private EventStream(int status, InputStream body) {
        this.status = status;
        this.body = body;
    }

    static EventStream open(HttpClient http, HttpRequest request) {
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            EventStream stream = new EventStream(response.statusCode(), response.body());
            Thread reader = new Thread(stream::read, "event-stream-reader");
            reader.setDaemon(true);
            reader.start();
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public int status() {
        return status;
    }

    /** The id a reconnecting client sends. */
    public @Nullable String lastEventId() {
        return lastEventId;
    }

    /**
     * The next message.
     *
     * @throws AssertionError when none came in time or the stream ended
     */
    public Message next(Duration atMost) {
        try {
            Message message = messages.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new AssertionError("no message within " + atMost);
            }
            if (END.equals(message)) {
                messages.add(END);
                throw new AssertionError("the stream has ended");
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Everything up to and with the first message of that type. */
    public List<Message> until(String event, Duration atMost) {
        List<Message> read = new ArrayList<>();
        long deadline = System.nanoTime() + atMost.toNanos();
        while (read.isEmpty() || !read.get(read.size() - 1).event().equals(event)) {
            read.add(next(Duration.ofNanos(Math.max(1, deadline - System.nanoTime()))));
        }
        return read;
    }

    /** True when the server ended the stream within the time; messages before the end are dropped. */
    public boolean endsWithin(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (true) {
                Message message = messages.poll(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (message == null || END.equals(message)) {
                    return END.equals(message);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String id = null;
            String event = "message";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (id != null) {
                        lastEventId = id;
                    }
                    if (data.length() > 0) {
                        messages.add(new Message(id, event, data.substring(0, data.length() - 1)));
                    }
                    event = "message";
                    data.setLength(0);
                } else if (line.startsWith("id:")) {
                    id = value(line, 3);
                } else if (line.startsWith("event:")) {
                    event = value(line, 6);
                } else if (line.startsWith("data:")) {
                    data.append(value(line, 5)).append('\n');
                }
            }
        } catch (IOException e) {
            // The reader or the server closed the connection; either way there is no more to read.
        } finally {
            messages.add(END);
        }
    }

    private static String value(String line, int from) {
        return line.startsWith(" ", from) ? line.substring(from + 1) : line.substring(from);
    }

    /** One message: its id (null when the stream gave none yet), type and data. */
    public record Message(@Nullable String id, String event, String data) {
        public JsonNode json() {
            return Json.parse(data);
        }
    }
}
