package io.forebay.it.poison;

import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Call;
import io.forebay.it.client.ForebayClient.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused with a problem document.
 *
 * @param line what is wrong with it, in the words of the table in docs/topics.md
 * @param name what exactly, where that is not all
 * @param body null for none
 * @param headers names and values in turn
 * @param field that the problem names; null where the request as a whole is at fault
 */
@SuppressWarnings("ArrayRecordComponent") // a row of a table; nothing compares it
record BadRequest(
        String line,
        String name,
        String method,
        String path,
        byte @Nullable [] body,
        List<String> headers,
        int status,
        String code,
        @Nullable String field) {

    /** One without a body. */
    static BadRequest of(String line, String method, String path, int status, String code, @Nullable String field) {
        return new BadRequest(line, "", method, path, null, List.of(), status, code, field);
    }

    BadRequest named(String newName) {
        return new BadRequest(line, newName, method, path, body, headers, status, code, field);
    }

    BadRequest json(String text) {
        return body("application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    BadRequest body(String contentType, byte[] bytes) {
        return new BadRequest(line, name, method, path, bytes, headers, status, code, field)
                .header("Content-Type", contentType);
    }

    BadRequest header(String header, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        more.add(value);
        return new BadRequest(line, name, method, path, body, List.copyOf(more), status, code, field);
    }

    Reply send(ForebayClient client) {
        Call call = client.call(method, path);
        for (int i = 0; i < headers.size(); i += 2) {
            call.header(headers.get(i), headers.get(i + 1));
        }
        return (body == null ? call : call.body(body)).send();
    }

    @Override
    public String toString() {
        return line + (name.isEmpty() ? "" : ": " + name);
    }
}
