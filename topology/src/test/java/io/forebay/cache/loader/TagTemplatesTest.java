package io.forebay.cache.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configured tag may be. */
class TagTemplatesTest {

    @Test
    void partsAreCountedFromOne() {
        TagTemplates tags = TagTemplates.parse("posts, {2} of {1}, a b");

        assertThat(tags.parts()).isEqualTo(2);
        assertThat(tags.of(List.of("x", "y"))).containsExactly("posts", "y of x", "a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,,b", "{0}", "{100}", "{x}", "a{", "}", "{1"})
    void whatIsNoneIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TagTemplates.parse(text));
    }
}
