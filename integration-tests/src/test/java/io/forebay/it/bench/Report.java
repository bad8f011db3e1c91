package io.forebay.it.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.it.bench.Load.Result;
import io.forebay.it.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What was measured, as a table for people and as JSON for programs. */
final class Report {
    private final ArrayNode results = Json.array();

    void throughput(String what, String unit, double perSecond) {
        results.addObject().put("what", what).put("unit", unit).put("value", Math.round(perSecond));
    }

    void latency(String what, double rate, Result result) {
        Histogram nanos = result.nanos();
        ObjectNode entry = results.addObject()
                .put("what", what + " at " + Math.round(rate) + "/s")
                .put("unit", "ms")
                .put("achieved_per_second", Math.round(result.perSecond()))
                .put("failures", result.failures());
        entry.put("p50", nanos.getValueAtPercentile(50) / 1e6);
        entry.put("p99", nanos.getValueAtPercentile(99) / 1e6);
        entry.put("max", nanos.getMaxValue() / 1e6);
    }

    /** One measurement divided by another of the same run. */
    void ratio(String what, double value) {
        results.addObject().put("what", what).put("unit", "ratio").put("value", Math.round(value * 1000) / 1000.0);
    }

    /** Prints the table and writes the file. */
    void write(Path out) throws IOException {
        System.out.printf("%-60s %12s %10s %10s %10s%n", "what", "per second", "p50 ms", "p99 ms", "max ms");
        results.forEach(entry -> {
            String what = entry.get("what").asText();
            if (entry.has("p50")) {
                System.out.printf(
                        Locale.ROOT,
                        "%-60s %12d %10.2f %10.2f %10.2f%n",
                        what,
                        entry.get("achieved_per_second").asLong(),
                        entry.get("p50").asDouble(),
                        entry.get("p99").asDouble(),
                        entry.get("max").asDouble());
            } else if (entry.get("unit").asText().equals("ratio")) {
                System.out.printf(
                        Locale.ROOT, "%-60s %12.3f%n", what, entry.get("value").asDouble());
            } else {
                System.out.printf(
                        Locale.ROOT, "%-60s %12d%n", what, entry.get("value").asLong());
            }
        });
        if (out.getParent() != null) {
            Files.createDirectories(out.getParent());
        }
        Files.writeString(out, Json.write(results));
        System.out.println("written to " + out);
    }
}
