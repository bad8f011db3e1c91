package io.forebay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static final Key<Integer> PORT = Key.integer("forebay.port", 8080, 0, 65_535, "");
    private static final Key<String> NAME = Key.text("forebay.name", null, "letters", Pattern.compile("[a-z]+"), "");
    private static final Key<String> SECRET = Key.secret("forebay.seal", 8, "");

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void aKeyThatIsAbsentHasItsDefault() {
        ConfigReader reader = ConfigReader.of(Map.of());

        assertThat(reader.get(PORT)).isEqualTo(8080);
        assertThat(reader.find(NAME)).isNull();
    }

    @Test
    void settingsGoBeforeTheFile() throws Exception {
        Path file =
                Files.writeString(folder.resolve("f.properties"), "forebay.port = 1\nforebay.name=é\nlinger.ms=5\n");

        ConfigReader reader = ConfigReader.of(file, Map.of("forebay.port", "2"));

        assertThat(reader.get(PORT)).isEqualTo(2);
        assertThat(reader.passedThrough()).isEqualTo(Map.of("linger.ms", "5"));
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        assertThatThrownBy(() -> ConfigReader.of(folder.resolve("none"), Map.of()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("none");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        ConfigReader reader = ConfigReader.of(Map.of(
                "forebay.port", "70000",
                "forebay.name", "A1",
                "forebay.nmae", "a",
                "forebay.seal", "short"));
        reader.get(PORT);
        reader.find(NAME);
        reader.find(SECRET);

        assertThatThrownBy(reader::finish)
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(ConfigProblem::key)
                                .containsExactly("forebay.name", "forebay.nmae", "forebay.port", "forebay.seal"));
    }

    @Test
    void aProblemNamesKeyValueAndRule() {
        ConfigReader reader = ConfigReader.of(Map.of("forebay.port", "70000"));
        reader.get(PORT);

        assertThatThrownBy(reader::finish)
                .hasMessageContainingAll("forebay.port", "70000", "a whole number from 0 to 65535");
    }

    @Test
    void secretsAreNotTold() {
        ConfigReader reader = ConfigReader.of(Map.of("forebay.seal", "hunter2", "ssl.key.password", "hunter2"));
        reader.find(SECRET);
        reader.problem("ssl.key.password", "absent");

        assertThatThrownBy(reader::finish).hasMessageContaining("forebay.seal").hasMessageNotContaining("hunter2");
        assertThat(reader.effective().values()).doesNotContain("hunter2");
    }

    @Test
    void aSecretComesFromAnotherFile() throws Exception {
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "seal=0123456789\n");

        ConfigReader reader = ConfigReader.of(Map.of("forebay.seal", "${file:" + secrets + ":seal}"));

        assertThat(reader.find(SECRET)).isEqualTo("0123456789");
        assertThat(reader.effective()).containsValue("(hidden)").doesNotContainValue("0123456789");
    }

    @Test
    void aSecretComesFromTheEnvironment() {
        Map.Entry<String, String> variable = System.getenv().entrySet().stream()
                .filter(entry -> entry.getKey().equals("PATH"))
                .findFirst()
                .orElseThrow();

        ConfigReader reader = ConfigReader.of(Map.of("sasl.jaas.config", "x ${env:PATH}"));

        assertThat(reader.passedThrough()).containsEntry("sasl.jaas.config", "x " + variable.getValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${env:FOREBAY_NO_SUCH_VARIABLE}",
                "${file:/no/such/file:key}",
                "${vault:key}",
                "${env:PATH} and ${env:FOREBAY_NO_SUCH_VARIABLE}"
            })
    void aReferenceToNothingIsAProblem(String reference) {
        ConfigReader reader = ConfigReader.of(Map.of("sasl.jaas.config", reference));

        assertThatThrownBy(reader::finish)
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(ConfigProblem::key)
                                .isEqualTo(List.of("sasl.jaas.config")));
    }
}
