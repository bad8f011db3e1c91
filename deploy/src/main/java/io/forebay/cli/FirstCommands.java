package io.forebay.cli;

import io.forebay.config.NodeConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What somebody who has just started an instance may try: a write and a read of the first capability that it runs. Which tables
 * record sync has only its model tells, so the model is read there first.
 */
final class FirstCommands {

    private static final String JSON = " -H 'Content-Type: application/json' -d ";

    private FirstCommands() {}

    /**
     * Commands for a shell.
     *
     * @param capabilities that run
     */
    static List<String> of(Set<String> capabilities, URI uri) {
        Map<String, List<String>> byCapability = Map.of(
                "presence",
                List.of(
                        "curl -X PUT" + JSON + "'{\"status\":\"online\",\"activities\":[]}' " + uri
                                + "/v1/presences/1/42",
                        "curl " + uri + "/v1/presences/1/42"),
                "keys",
                List.of(
                        "curl -X PUT" + JSON + "'{\"theme\":\"dark\"}' " + uri + "/v1/keys/settings/users/42",
                        "curl '" + uri + "/v1/keys/settings?match=users/*'"),
                "events",
                List.of(
                        "curl" + JSON
                                + "'{\"event\":{\"type\":\"placed\",\"domain\":\"orders\",\"instance_id\":\"17\",\"data\":{}}}' "
                                + uri + "/v1/events",
                        "curl " + uri + "/v1/events/orders/17"),
                "sync",
                List.of(
                        "curl " + uri + "/v1/model",
                        "curl" + JSON
                                + "'{\"changes\":[{\"op\":\"inserted\",\"table\":\"TABLE\",\"row\":{\"id\":1}}]}' "
                                + uri + "/v1/changes"));
        return NodeConfig.CAPABILITIES.stream()
                .filter(capabilities::contains)
                .findFirst()
                .map(byCapability::get)
                .orElse(List.of());
    }
}
