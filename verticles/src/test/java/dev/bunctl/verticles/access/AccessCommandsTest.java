package dev.bunctl.verticles.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.conf.daemon.Tls;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.verticles.main.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AccessCommandsTest {
    private static final AccessCommand.Listen OPEN =
            new AccessCommand.Listen(true, Optional.empty(), OptionalInt.of(0), Optional.of(Tls.NONE));

    @TempDir
    private Path home;

    private TestDaemon daemon;

    @BeforeEach
    void start() throws Exception {
        daemon = TestDaemon.start(home, new FakePlatform());
    }

    @AfterEach
    void close() throws Exception {
        daemon.close();
    }

    private Answer.Listening listening(AccessCommand command) throws Exception {
        return assertInstanceOf(Answer.Listening.class, daemon.ask(command));
    }

    @Test
    void listen_takesWhatIsGiven_andKeepsTheRest() throws Exception {
        Answer.Listening open = listening(OPEN);
        assertTrue(open.enabled() && open.port() > 0 && open.problem().isEmpty(), open.toString());

        Answer.Listening other =
                listening(new AccessCommand.Listen(true, Optional.of("::1"), OptionalInt.empty(), Optional.empty()));
        assertEquals("::1", other.address());
        assertEquals("none", other.tls());
        assertNotEquals(0, other.port());

        assertEquals(
                false,
                listening(new AccessCommand.Listen(false, Optional.empty(), OptionalInt.empty(), Optional.empty()))
                        .enabled());
        daemon = daemon.successor();
        assertEquals(false, listening(new AccessCommand.ShowListener()).enabled());
    }

    @Test
    void listen_unencryptedOffLoopback_isRefused_andNothingChanges() throws Exception {
        Answer.Listening open = listening(OPEN);

        Answer.Refused refused = daemon.refused(
                new AccessCommand.Listen(true, Optional.of("0.0.0.0"), OptionalInt.empty(), Optional.empty()));

        assertEquals(ErrorCode.INVALID, refused.code());
        assertEquals(open, listening(new AccessCommand.ShowListener()));
    }

    @Test
    void listen_whoseSettingsCannotBeSaved_isClosedAgain() throws Exception {
        Files.createDirectories(home.resolve("daemon.json/in/the/way"));

        assertEquals(ErrorCode.INTERNAL, daemon.refused(OPEN).code());

        assertEquals(false, listening(new AccessCommand.ShowListener()).enabled());
    }

    @Test
    void filesThatAreNotValid_openNothing_areSaid_andAreNotOverwritten() throws Exception {
        Files.createDirectories(home.resolve("state"));
        Files.writeString(home.resolve("state/tokens.json"), "{");
        Files.writeString(home.resolve("daemon.json"), "{\"bridge\": {\"enabled\": true, \"prot\": 1}}");
        daemon = daemon.successor();

        List<String> warnings = daemon.status().warnings();
        assertTrue(warnings.stream().anyMatch(one -> one.contains("unknown field 'bridge.prot'")), warnings.toString());
        assertTrue(warnings.stream().anyMatch(one -> one.contains("No token is valid")), warnings.toString());
        assertEquals(ErrorCode.INVALID, daemon.refused(OPEN).code());
        assertEquals(
                ErrorCode.INVALID,
                daemon.refused(new AccessCommand.CreateToken("ci", Role.ADMIN, Optional.empty()))
                        .code());
        assertEquals("{", Files.readString(home.resolve("state/tokens.json")));
        assertEquals(false, listening(new AccessCommand.ShowListener()).enabled());
    }

    @Test
    void tokens_withBadNamesOrTimes_areRefused() throws Exception {
        for (AccessCommand command : List.of(
                new AccessCommand.CreateToken("", Role.ADMIN, Optional.empty()),
                new AccessCommand.CreateToken("../x", Role.ADMIN, Optional.empty()),
                new AccessCommand.CreateToken("x".repeat(65), Role.ADMIN, Optional.empty()),
                new AccessCommand.CreateToken("a", Role.ADMIN, Optional.of(Duration.ZERO)),
                new AccessCommand.CreateToken("a", Role.ADMIN, Optional.of(Duration.ofDays(3651))))) {
            assertEquals(ErrorCode.INVALID, daemon.refused(command).code(), command.toString());
        }
        assertEquals(
                ErrorCode.NOT_FOUND,
                daemon.refused(new AccessCommand.RevokeToken("nobody")).code());
        assertEquals(new Answer.Tokens(List.of()), daemon.ask(new AccessCommand.ListTokens()));
    }
}
