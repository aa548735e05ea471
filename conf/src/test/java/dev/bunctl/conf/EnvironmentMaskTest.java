package dev.bunctl.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentMaskTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "API_KEY",
                "apiKey",
                "GITHUB_TOKEN",
                "SECRET",
                "client-secret",
                "DB_PASSWORD",
                "PGPASS",
                "MYSQL_PWD",
                "AWS_SECRET_ACCESS_KEY",
                "JWT",
                "SENTRY_DSN",
                "BASIC_AUTH",
                "PRIVATE_PEM",
                "SESSION_ID",
                "STRIPEKEY"
            })
    void secretName_hidesItsValue(String name) {
        assertEquals(EnvironmentMask.MASK, EnvironmentMask.masked(name, "abc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT", "NODE_ENV", "PATH", "AUTHOR", "MONKEYS", "KEYBOARD", "PASSENGERS", "HOME", "LANG"})
    void otherName_showsItsValue(String name) {
        assertEquals("abc", EnvironmentMask.masked(name, "abc"));
    }

    /** Where an '@' in a path cannot be told from one in a password, rather too much is hidden than too little. */
    @ParameterizedTest
    @CsvSource({
        "postgres://u:p@h:5432/db, postgres://u:********@h:5432/db",
        "redis://:p@h, redis://:********@h",
        "https://token@h/x, https://********@h/x",
        "postgres://u:p@s/w@h/db, postgres://u:********@h/db",
        "http://h:80/a@b, http://h:********@b",
        "http://h:80/path, http://h:80/path",
        "a://u:p@h b://v:q@i, a://u:********@h b://v:********@i",
        "no url, no url"
    })
    void url_isShownWithoutItsPassword(String value, String shown) {
        assertEquals(shown, EnvironmentMask.masked("URL", value));
    }

    @Test
    void keyText_isHiddenUnderAnyName() {
        assertEquals(EnvironmentMask.MASK, EnvironmentMask.masked("X", "-----BEGIN RSA PRIVATE KEY-----\nabc"));
    }

    @Test
    void environment_isMaskedAndOrdered() {
        assertEquals(
                "{A=1, B_TOKEN=********, C=}",
                EnvironmentMask.masked(Map.of("C", "", "B_TOKEN", "x", "A", "1"))
                        .toString());
    }
}
