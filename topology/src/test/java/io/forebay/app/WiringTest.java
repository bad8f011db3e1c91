package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.forebay.config.NodeConfig;
import io.forebay.routing.QueryRegistry;
import org.junit.jupiter.api.Test;

/** What the capabilities say of themselves before any of them runs. */
class WiringTest {

    @Test
    void theirNamesAreThoseOfConfiguration() {
        assertThat(Forebay.CAPABILITIES).extracting(Wiring::name).isEqualTo(NodeConfig.CAPABILITIES);
    }

    @Test
    void theirQueriesHaveNamesOfTheirOwn() {
        QueryRegistry queries = new QueryRegistry();

        assertThatCode(() -> Forebay.CAPABILITIES.forEach(capability -> capability.register(queries)))
                .doesNotThrowAnyException();
    }
}
