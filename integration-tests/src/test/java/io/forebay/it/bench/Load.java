package io.forebay.it.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends requests over connections that stay open, one at a time each.
 *
 * <p>With a rate, requests have due times on a fixed schedule and each is timed from when it was due, not from when it went out: a server
 * that stalls is charged for every request that had to wait meanwhile (Tene, "How NOT to Measure Latency": coordinated omission).
 * Without a rate, each connection sends as soon as it has its answer, which tells the greatest throughput and nothing about latency.
 */
final class Load {
    private static final long GREATEST_LATENCY_NANOS = Duration.ofSeconds(60).toNanos();

    private final String host;
    private final int port;
    private final int connections;
    private final Protocol protocol;

    Load(String host, int port, int connections, Protocol protocol) {
        this.host = host;
        this.port = port;
        this.connections = connections;
        this.protocol = protocol;
    }

    /** How answers are told apart. */
    @FunctionalInterface
    interface Protocol {
        /** Reads one answer; true when it is a success. */
        boolean readAnswer(InputStream in) throws IOException;

        /** Reads a line without its end. */
        static String readLine(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder(64);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("the server closed the connection");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }
    }

    /** What a run showed: answers a second, and latencies in nanoseconds. */
    record Result(double perSecond, Histogram nanos, long failures) {}

    /** As fast as answers come. */
    Result flatOut(LongFunction<byte[]> requests, Duration duration) {
        return run(requests, duration, 0);
    }

    /** At a rate, in requests a second over all connections. */
    Result atRate(LongFunction<byte[]> requests, Duration duration, double rate) {
        return run(requests, duration, rate);
    }

    private Result run(LongFunction<byte[]> requests, Duration duration, double rate) {
        Histogram nanos = new ConcurrentHistogram(GREATEST_LATENCY_NANOS, 3);
        AtomicLong failures = new AtomicLong();
        AtomicLong next = new AtomicLong();
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        ExecutorService pool = Executors.newFixedThreadPool(connections);
        try {
            List<Callable<Void>> senders = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                senders.add(() -> send(requests, next, start, end, rate, nanos, failures));
            }
            for (Future<Void> sender : pool.invokeAll(senders)) {
                sender.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Result(nanos.getTotalCount() / seconds, nanos, failures.get());
    }

    private Void send(
            LongFunction<byte[]> requests,
            AtomicLong next,
            long start,
            long end,
            double rate,
            Histogram nanos,
            AtomicLong failures)
            throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            while (true) {
                long number = next.getAndIncrement();
                long due = rate == 0 ? System.nanoTime() : start + (long) (number / rate * 1e9);
                if (due >= end) {
                    return null;
                }
                awaitTime(due);
                out.write(requests.apply(number));
                if (!protocol.readAnswer(in)) {
                    failures.incrementAndGet();
                }
                nanos.recordValue(Math.min(GREATEST_LATENCY_NANOS, System.nanoTime() - due));
            }
        }
    }

    private static void awaitTime(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
