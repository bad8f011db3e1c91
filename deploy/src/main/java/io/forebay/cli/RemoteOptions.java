package io.forebay.cli;

import io.forebay.remote.RemoteForebay;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which running Forebay a command asks, as whom, and for how long. A token is never an option: others see those. */
final class RemoteOptions {

    private static final String TOKEN = "FOREBAY_TOKEN";
    private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The Forebay. Default: ${DEFAULT-VALUE}")
    private String url = "";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with the bearer token. Default: the token in " + TOKEN + ", if there is one.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--retry",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "For how long a request is repeated while the Forebay is away or busy, once it has answered."
                    + " Default: ${DEFAULT-VALUE}")
    private int retrySeconds;

    /**
     * The Forebay that is meant.
     *
     * @param notes is told of requests that are repeated
     */
    RemoteForebay forebay(Consumer<String> notes) {
        if (retrySeconds < 0) {
            throw refused("--retry is at least 0");
        }
        return new RemoteForebay(address(), token(), Duration.ofSeconds(retrySeconds), notes);
    }

    private URI address() {
        try {
            URI address = new URI(url);
            boolean isHttp =
                    "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
            if (isHttp
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw refused("--url '" + url + "' is not a URL such as http://127.0.0.1:8080");
    }

    private @Nullable String token() {
        String token;
        try {
            token = tokenFile == null
                    ? System.getenv(TOKEN)
                    : Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw refused("--token-file " + tokenFile + " cannot be read");
        }
        if (token == null || (tokenFile == null && token.isEmpty())) {
            return null;
        }
        if (!BEARER.matcher(token).matches()) {
            throw refused((tokenFile == null ? TOKEN : "--token-file " + tokenFile) + " holds no bearer token");
        }
        return token;
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
