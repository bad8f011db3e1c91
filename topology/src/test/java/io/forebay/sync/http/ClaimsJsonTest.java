package io.forebay.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.http.Claims;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimsJsonTest {

    @Test
    void aNewTokenOfTheSameHolderSaysTheSame() {
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("sub", "anna");
        first.put("exp", 1);
        first.put("tenant", "red");
        Map<String, Object> next = new LinkedHashMap<>(first);
        next.put("exp", 2);
        next.put("iat", 1);
        next.put("nbf", 1);
        next.put("jti", "t2");

        assertThat(ClaimsJson.text(new Claims(next)))
                .isEqualTo(ClaimsJson.text(new Claims(first)))
                .isEqualTo("{\"sub\":\"anna\",\"tenant\":\"red\"}");
    }

    @Test
    void withoutIdentityThereAreNoClaims() {
        assertThat(ClaimsJson.text(Claims.ANONYMOUS)).isNull();
    }
}
