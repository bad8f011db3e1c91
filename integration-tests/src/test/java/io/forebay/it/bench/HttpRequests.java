package io.forebay.it.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** HTTP/1.1 requests as bytes, made before they are sent, so that a load costs the driver little. */
final class HttpRequests {
    private final URI base;

    HttpRequests(URI base) {
        this.base = base;
    }

    /** A load of such requests. */
    Load load(int connections) {
        return new Load(base.getHost(), base.getPort(), connections, HttpRequests::readAnswer);
    }

    /** A request without a body. */
    byte[] request(String method, String path) {
        return head(method, path, "");
    }

    /** A request with a JSON body. */
    byte[] request(String method, String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream request = new ByteArrayOutputStream(256 + body.length);
        request.writeBytes(
                head(method, path, "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n"));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private byte[] head(String method, String path, String headers) {
        return (method + " " + path + " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean readAnswer(InputStream in) throws IOException {
        boolean success = Load.Protocol.readLine(in).split(" ", 3)[1].startsWith("2");
        int length = 0;
        String line = Load.Protocol.readLine(in);
        while (!line.isEmpty()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
            line = Load.Protocol.readLine(in);
        }
        in.skipNBytes(length);
        return success;
    }
}
