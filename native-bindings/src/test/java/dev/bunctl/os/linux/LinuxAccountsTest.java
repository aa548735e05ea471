package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.SpawnPlan.Credentials;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LinuxAccountsTest {
    private static Credentials of(String user, Optional<String> group) throws NativeException {
        return LinuxAccounts.credentials(user, group, true, List.of());
    }

    @Test
    void name_hasItsNumbersAndGroups() throws Exception {
        Credentials root = of("root", Optional.empty());
        assertEquals(0, root.user());
        assertEquals(0, root.group());
        assertTrue(root.groups().contains(0), root.toString());
        assertTrue(root.noNewPrivileges());
        assertEquals("root", root.variables().get("USER"));
        assertEquals("root", root.variables().get("LOGNAME"));
        assertEquals("/root", root.variables().get("HOME"));
    }

    @Test
    void number_isTheSameUser_andAnotherGroupIsTaken() throws Exception {
        assertEquals(of("root", Optional.of("0")), of("0", Optional.empty()));
        assertEquals(12_345, of("root", Optional.of("12345")).group());
    }

    @Test
    void unknownNumber_needsAGroup() throws Exception {
        assertEquals(
                new Credentials(2_000_000_123, 7, List.of(), true, List.of(), Map.of()),
                of("2000000123", Optional.of("7")));
        NativeException e = assertThrows(NativeException.class, () -> of("2000000123", Optional.empty()));
        assertEquals("user", e.call());
    }

    @Test
    void unknownNames_areNamed() {
        NativeException user = assertThrows(NativeException.class, () -> of("no-such-user", Optional.empty()));
        assertEquals("no user is called no-such-user", user.detail());
        NativeException group = assertThrows(NativeException.class, () -> of("root", Optional.of("no-such-group")));
        assertEquals("group", group.call());
    }
}
