package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.SpawnPlan.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up users and groups as the host knows them, directory services included (getpwnam_r(3)). Blocks. */
final class LinuxAccounts {
    /** Most groups a user may be in, NGROUPS_MAX of the kernel. */
    static final int MAX_GROUPS = 65_536;

    private static final int RECORD_SIZE = 64;
    private static final int TEXT_SIZE = 65_536;

    /** Where struct passwd and struct group of 64-bit Linux have the user's number and the groups'. */
    private static final int NAME = 0;

    private static final int PASSWD_USER = 16;
    private static final int PASSWD_GROUP = 20;
    private static final int PASSWD_HOME = 32;
    private static final int PASSWD_SHELL = 40;
    private static final int GROUP_NUMBER = 16;

    private final NativeBuffer entry = NativeBuffer.ofSize(RECORD_SIZE);
    private final NativeBuffer texts = NativeBuffer.ofSize(TEXT_SIZE);
    private final NativeBuffer found = NativeBuffer.ofSize(Long.BYTES);

    /** A line of the user database; the name ends with NUL. */
    @SuppressWarnings("ArrayRecordComponent") // only handed on, never compared
    private record Account(byte[] name, int user, int group, Map<String, String> variables) {
        @Override
        public String toString() {
            return text(name);
        }
    }

    private static String text(byte[] ended) {
        return new String(ended, 0, ended.length - 1, StandardCharsets.UTF_8);
    }

    /** See {@link dev.bunctl.os.api.Platform#credentials}. */
    static Credentials credentials(
            String user, Optional<String> group, boolean noNewPrivileges, List<String> keptCapabilities)
            throws NativeException {
        LinuxAccounts accounts = new LinuxAccounts();
        Optional<Account> account = accounts.account(user);
        Optional<Integer> number = number(user);
        if (account.isEmpty() && number.isEmpty()) {
            throw new NativeException("user", 0, "no user is called " + user);
        }
        if (account.isEmpty() && group.isEmpty()) {
            throw new NativeException("user", 0, "user " + user + " is not known here, so its group must be given");
        }
        int primary = group.isPresent()
                ? accounts.group(group.get())
                : account.orElseThrow().group();
        return new Credentials(
                account.map(Account::user).or(() -> number).orElseThrow(),
                primary,
                account.isEmpty() ? List.of() : groups(account.get(), primary),
                noNewPrivileges,
                keptCapabilities,
                account.map(Account::variables).orElse(Map.of()));
    }

    private static Optional<Integer> number(String text) {
        return KernelFile.number(text)
                .filter(number -> number >= 0 && number <= Integer.MAX_VALUE)
                .map(Math::toIntExact);
    }

    private Optional<Account> account(String user) throws NativeException {
        int error = LibC.getpwnam_r(
                NativeBuffer.cString(user), entry.address(), texts.address(), TEXT_SIZE, found.address());
        Optional<Integer> number = number(user);
        if (error == 0 && found.bytes().getLong(0) == 0 && number.isPresent()) {
            error = LibC.getpwuid_r(number.get(), entry.address(), texts.address(), TEXT_SIZE, found.address());
        }
        if (!has(error, "user", user)) {
            return Optional.empty();
        }
        return Optional.of(new Account(
                member(NAME), entry.bytes().getInt(PASSWD_USER), entry.bytes().getInt(PASSWD_GROUP), variables()));
    }

    /** As login(1) sets them. An entry without a home or a shell leaves these out. */
    private Map<String, String> variables() {
        String name = text(member(NAME));
        Map<String, String> variables = new HashMap<>(Map.of("USER", name, "LOGNAME", name));
        String home = text(member(PASSWD_HOME));
        String shell = text(member(PASSWD_SHELL));
        if (!home.isEmpty()) {
            variables.put("HOME", home);
        }
        if (!shell.isEmpty()) {
            variables.put("SHELL", shell);
        }
        return variables;
    }

    private int group(String group) throws NativeException {
        int error = LibC.getgrnam_r(
                NativeBuffer.cString(group), entry.address(), texts.address(), TEXT_SIZE, found.address());
        if (has(error, "group", group)) {
            return entry.bytes().getInt(GROUP_NUMBER);
        }
        return number(group).orElseThrow(() -> new NativeException("group", 0, "no group is called " + group));
    }

    /** Some libraries call an absent entry an error, see getpwnam(3). */
    private boolean has(int error, String step, String name) throws NativeException {
        if (error != 0 && error != Errno.ENOENT && error != Errno.ESRCH) {
            throw Errno.exception(step, error, name);
        }
        return error == 0 && found.bytes().getLong(0) != 0;
    }

    /** A text of the entry with its NUL. */
    private byte[] member(int offset) {
        int start = (int) (entry.bytes().getLong(offset) - texts.address());
        int end = start;
        while (texts.bytes().get(end) != 0) {
            end++;
        }
        byte[] member = new byte[end - start + 1];
        texts.bytes().get(start, member);
        return member;
    }

    private static List<Integer> groups(Account account, int primary) throws NativeException {
        NativeBuffer groups = NativeBuffer.ofSize(MAX_GROUPS * Integer.BYTES);
        NativeBuffer count = NativeBuffer.ofSize(Integer.BYTES);
        count.bytes().putInt(0, MAX_GROUPS);
        if (LibC.getgrouplist(account.name(), primary, groups.address(), count.address()) < 0) {
            throw new NativeException("groups", 0, account + " is in more than " + MAX_GROUPS + " groups");
        }
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < count.bytes().getInt(0); i++) {
            all.add(groups.bytes().getInt(i * Integer.BYTES));
        }
        return all;
    }
}
