package dev.bunctl.bridge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Command.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessCommandsTest {
    private static Request parsed(String line) {
        return Grammar.parse(List.of(line.split(" ")), false);
    }

    private static AccessCommand command(String line) {
        return assertInstanceOf(Request.Access.class, parsed(line)).command();
    }

    @Test
    void token_create_takesRoleAndTime_andIsAnObserverForEverUnlessTold() {
        assertEquals(
                new AccessCommand.CreateToken("ci", Role.OPERATOR, Optional.of(Duration.ofDays(30))),
                command("token create --name ci --role operator --expires 30d"));
        assertEquals(new AccessCommand.CreateToken("ci", Role.OBSERVER, Optional.empty()), command("token create ci"));
    }

    @Test
    void token_listAndRevoke_areAsked() {
        assertEquals(new AccessCommand.ListTokens(), command("token list"));
        assertEquals(new AccessCommand.RevokeToken("ci"), command("token revoke ci"));
        assertTrue(assertInstanceOf(Request.Access.class, parsed("token list --json"))
                .json());
    }

    @Test
    void listen_whatIsNotGiven_staysAsItWas() {
        assertEquals(
                new Request.Listen(Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty(), false),
                parsed("listen"));
        assertEquals(
                new Request.Listen(
                        Optional.of("::"),
                        OptionalInt.of(0),
                        Optional.of(new Request.Encryption.Files("c", "k")),
                        Optional.of("ca"),
                        true),
                parsed("listen --address :: --port 0 --tls-cert c --tls-key k --tls-ca ca --json"));
    }

    @Test
    void listen_offAndShow_needNoFiles() {
        assertEquals(
                new AccessCommand.Listen(false, Optional.empty(), OptionalInt.empty(), Optional.empty()),
                command("listen --off"));
        assertEquals(new AccessCommand.ShowListener(), command("listen --show --json"));
    }

    @ParameterizedTest
    @CsvSource({
        "token, token needs",
        "token make ci, not 'make'",
        "token create, a name is needed",
        "token create ci --name ci, given twice",
        "token create ci --role root, not 'root'",
        "token create ci --expires soon, not 'soon'",
        "token create ci --expires 0d, not '0d'",
        "token revoke ci --role admin, go with create only",
        "token list ci, list takes no name",
        "listen --address example.org, not 'example.org'",
        "listen --port 65536, 0 to 65535",
        "listen --tls-cert c, go together",
        "listen --tls-own --no-tls, one of",
        "listen --tls-ca ca, goes with",
        "listen --off --port 1, stand alone",
        "listen 127.0.0.1, takes no names"
    })
    void whatMakesNoSense_isRefusedWithItsCause(String line, String cause) {
        Request.Rejected rejected = assertInstanceOf(Request.Rejected.class, parsed(line));

        assertTrue(rejected.message().contains(cause), rejected.message());
    }
}
