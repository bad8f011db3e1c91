package io.forebay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.config.NodeConfig;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FirstCommandsTest {

    private static final URI HERE = URI.create("http://127.0.0.1:8080");

    @ParameterizedTest
    @MethodSource("capabilities")
    void areOfWhatRuns(String capability) {
        assertThat(FirstCommands.of(Set.of(capability), HERE))
                .hasSize(2)
                .allMatch(command -> command.contains("" + HERE));
    }

    @Test
    void beginWithTheFirstThatRuns() {
        assertThat(FirstCommands.of(Set.of("events", "keys"), HERE).get(0)).contains("/v1/keys/");
    }

    static List<String> capabilities() {
        return NodeConfig.CAPABILITIES;
    }
}
