package io.forebay.it.bench;

import static org.awaitility.Awaitility.await;

import io.forebay.it.process.ChildJvm;
import io.forebay.it.stack.FreePort;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A {@code redis-server} of its own, with its append-only file synced every second, and its protocol (RESP 2) as bytes. Its file and its
 * port go with it.
 */
final class Redis implements AutoCloseable {
    private static final int PIPELINED = 1_000;

    private final ChildJvm process;
    private final int port;

    private Redis(ChildJvm process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one; null where the program is not installed. */
    static @Nullable Redis start(Path directory) {
        List<Path> places = List.of(Path.of("/usr/bin/redis-server"), Path.of("/usr/local/bin/redis-server"));
        Path program = places.stream().filter(Files::isExecutable).findFirst().orElse(null);
        if (program == null) {
            return null;
        }
        int port = FreePort.any();
        List<String> command = List.of(
                program.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec");
        Redis redis = new Redis(ChildJvm.start("redis", command, Map.of(), directory), port);
        await("redis-server").atMost(Duration.ofSeconds(20)).until(redis::answers);
        return redis;
    }

    /** A load of commands. */
    Load load(int connections) {
        return new Load("127.0.0.1", port, connections, Redis::readAnswer);
    }

    /** A command as it is sent. */
    static byte[] command(String... words) {
        ByteArrayOutputStream command = new ByteArrayOutputStream(128);
        command.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            command.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            command.writeBytes(bytes);
            command.writeBytes(new byte[] {'\r', '\n'});
        }
        return command.toByteArray();
    }

    /** Sends commands without waiting for each. */
    void pipeline(long count, LongFunction<byte[]> commands) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (long done = 0; done < count; done += PIPELINED) {
                long end = Math.min(count, done + PIPELINED);
                ByteArrayOutputStream batch = new ByteArrayOutputStream();
                for (long i = done; i < end; i++) {
                    batch.writeBytes(commands.apply(i));
                }
                out.write(batch.toByteArray());
                for (long i = done; i < end; i++) {
                    if (!readAnswer(in)) {
                        throw new IllegalStateException("redis refused a command");
                    }
                }
            }
        }
    }

    /** Goes through all keys with SCAN MATCH, as a client that wants every match has to; answers how many there were. */
    long scan(String match) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            long found = 0;
            String cursor = "0";
            do {
                out.write(command("SCAN", cursor, "MATCH", match, "COUNT", "1000"));
                expect(in, "*2");
                expect(in, null);
                cursor = Load.Protocol.readLine(in);
                int matches = Integer.parseInt(Load.Protocol.readLine(in).substring(1));
                for (int i = 0; i < matches; i++) {
                    readAnswer(in);
                }
                found += matches;
            } while (!cursor.equals("0"));
            return found;
        }
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(command("PING"));
            return readAnswer(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void expect(InputStream in, @Nullable String line) throws IOException {
        String read = Load.Protocol.readLine(in);
        if (line != null && !line.equals(read)) {
            throw new IOException("redis answered " + read);
        }
    }

    /** Reads one answer of any type; a missing value is no success. */
    private static boolean readAnswer(InputStream in) throws IOException {
        String line = Load.Protocol.readLine(in);
        char type = line.charAt(0);
        if (type == '$') {
            int length = Integer.parseInt(line.substring(1));
            in.skipNBytes(length < 0 ? 0 : length + 2L);
            return length >= 0;
        }
        boolean success = type != '-';
        if (type == '*') {
            int elements = Integer.parseInt(line.substring(1));
            for (int i = 0; i < elements; i++) {
                success &= readAnswer(in);
            }
        }
        return success;
    }
}
