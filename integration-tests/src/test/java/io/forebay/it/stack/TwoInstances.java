package io.forebay.it.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.ForebayClient;
import java.time.Duration;

/** Two instances of one deployment, each of which owns partitions of a capability when they are handed out. */
public final class TwoInstances implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ForebayStack first;
    private final ForebayStack second;

    private TwoInstances(ForebayStack first, ForebayStack second) {
        this.first = first;
        this.second = second;
    }

    /** Starts another instance beside one that becomes part of the two. */
    public static TwoInstances with(ForebayStack first, String capability) {
        TwoInstances both = new TwoInstances(first, first.another());
        try {
            await("both to hold partitions of " + capability)
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(both.owners(capability)).isEqualTo(2));
            return both;
        } catch (RuntimeException | AssertionError e) {
            both.close();
            throw e;
        }
    }

    public ForebayClient first() {
        return first.client();
    }

    public ForebayClient second() {
        return second.client();
    }

    /** Instances that own a partition of a capability. */
    private int owners(String capability) {
        int owners = 0;
        for (JsonNode instance : first().get("/v1/instances").orFail().json().path("instances")) {
            for (JsonNode application : instance.path("applications")) {
                boolean is = application.path("application").asText().endsWith("-" + capability);
                owners += is && !application.path("active").isEmpty() ? 1 : 0;
            }
        }
        return owners;
    }

    @Override
    public void close() {
        second.close();
        first.close();
    }
}
