package io.forebay.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.it.client.ForebayClient;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApicurioRegistryIT {
    @Test
    void keepsSubjectsOverADeath(@TempDir Path data) {
        try (ApicurioRegistry registry = ApicurioRegistry.start(data)) {
            ForebayClient client = new ForebayClient(URI.create(registry.url()));
            client.call("POST", "/subjects/kept-value/versions")
                    .body(
                            "application/vnd.schemaregistry.v1+json",
                            "{\"schema\":\"{\\\"type\\\":\\\"string\\\"}\"}"
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .send()
                    .orFail();

            registry.kill();
            registry.resume();

            assertThat(client.get("/subjects").text()).contains("kept-value");
        }
    }
}
