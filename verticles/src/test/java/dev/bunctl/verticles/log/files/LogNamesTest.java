package dev.bunctl.verticles.log.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LogNamesTest {
    @Test
    void plainName_isKept() {
        assertEquals("api-out.log", LogNames.stdout("api", OptionalInt.empty()));
        assertEquals("api-error.log", LogNames.stderr("api", OptionalInt.empty()));
        assertEquals("api-out-3.log", LogNames.stdout("api", OptionalInt.of(3)));
        assertEquals("api-error-3.log", LogNames.stderr("api", OptionalInt.of(3)));
    }

    @Test
    void everythingElse_isWrittenAsBytes() {
        assertEquals("my%20app-out.log", LogNames.stdout("my app", OptionalInt.empty()));
        assertEquals("%C3%BC-out.log", LogNames.stdout("ü", OptionalInt.empty()));
        assertEquals("%2Fetc%2Fpasswd", LogNames.encode("/etc/passwd"));
        assertEquals("%2E.", LogNames.encode(".."));
    }

    @Test
    void encodedNameAtTheLimit_isKept_aLongerOneEndsInAHash() {
        String at = "ü".repeat(LogNames.MAX_ENCODED / 6);
        assertEquals(LogNames.MAX_ENCODED, LogNames.encode(at).length());
        String over = LogNames.encode(at + "x");
        assertTrue(over.length() <= LogNames.MAX_ENCODED, over);
        assertTrue(over.contains("~"), over);
        assertNotEquals(over, LogNames.encode(at + "y"));
    }

    @Test
    void pathOfTheUsersOwn_getsTheNumberBeforeItsExtension() {
        assertEquals(Path.of("/v/a-2.log"), LogNames.numbered(Path.of("/v/a.log"), OptionalInt.of(2)));
        assertEquals(Path.of("/v.d/a-2"), LogNames.numbered(Path.of("/v.d/a"), OptionalInt.of(2)));
        assertEquals(Path.of("/v/.log-2"), LogNames.numbered(Path.of("/v/.log"), OptionalInt.of(2)));
        assertEquals(Path.of("/v/a.log"), LogNames.numbered(Path.of("/v/a.log"), OptionalInt.empty()));
    }
}
