package dev.bunctl.cli.doctor;

import dev.bunctl.bridge.wire.Json;
import dev.bunctl.bridge.wire.WireException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The home: whose it is, room on its disk, and whether what is saved in it can be read. */
final class HomeChecks {
    private static final long LEAST_BYTES = 16L << 20;
    private static final long FEW_BYTES = 256L << 20;
    private static final long MAX_STATE_BYTES = 256L << 20;
    private static final Duration TOLERATED_FUTURE = Duration.ofMinutes(2);
    /** When bunctl was not yet there: a clock before it was never set. */
    private static final Instant BEFORE_ALL = Instant.parse("2025-01-01T00:00:00Z");

    private final Patient patient;
    private final Path home;

    HomeChecks(Patient patient) {
        this.patient = patient;
        this.home = patient.home();
    }

    Finding home() throws IOException {
        if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
            Path above = existing();
            return Files.isWritable(above)
                    ? Finding.ok("home", home + " does not exist yet; the first start makes it")
                    : Finding.broken(
                            "home",
                            home + " does not exist and cannot be made in " + above,
                            "set BUNCTL_HOME to a folder that you may write");
        }
        if (!Files.isDirectory(home)) {
            return Finding.broken("home", home + " is no folder", "move it away, or set BUNCTL_HOME to another place");
        }
        for (Path folder : List.of(home, home.resolve("run"), home.resolve("state"), home.resolve("logs"))) {
            if (Files.exists(folder) && (!isOwn(folder) || !Files.isWritable(folder))) {
                return Finding.broken(
                        "home",
                        folder + (isOwn(folder) ? " cannot be written" : " belongs to " + Files.getOwner(folder)),
                        "give it to yourself with chown and chmod u+rwx, or remount its file system writable");
            }
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(home);
        return mode.stream().allMatch(HomeChecks::isHarmless)
                ? Finding.ok("home", home + " is yours alone")
                : Finding.warn(
                        "home",
                        home + " is open to others (" + PosixFilePermissions.toString(mode) + ")",
                        "chmod 700 " + home + "; the next start does it too");
    }

    /** A group that may open the socket passes through. */
    private static boolean isHarmless(PosixFilePermission permission) {
        return permission == PosixFilePermission.GROUP_EXECUTE
                || permission.name().startsWith("OWNER");
    }

    private boolean isOwn(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid") instanceof Integer uid && uid == patient.user();
    }

    /** The home, or the nearest folder above it that is there. */
    private Path existing() {
        Path at = home;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    Finding disk() throws IOException {
        FileStore store = Files.getFileStore(existing());
        long free = store.getUsableSpace();
        String found = String.format(Locale.ROOT, "%d MiB free for %s", free >> 20, home);
        String remedy = "make room: changes are refused and output is lost or held back when the disk is full";
        if (store.isReadOnly()) {
            return Finding.broken("disk", home + " lies on a read-only file system", "remount it, or move the home");
        }
        if (free < LEAST_BYTES) {
            return Finding.broken("disk", found, remedy);
        }
        return free < FEW_BYTES ? Finding.warn("disk", found, remedy) : Finding.ok("disk", found);
    }

    Finding state() throws IOException {
        Path file = home.resolve("state/desired.json");
        if (!Files.exists(file)) {
            return Finding.ok("state", "nothing is saved yet");
        }
        long size = Files.size(file);
        if (size > MAX_STATE_BYTES) {
            return Finding.broken("state", file + " has " + size + " bytes", "it is no file of bunctl: move it away");
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            Object apps = Json.readObject(bytes, 0, bytes.length).get("apps");
            int count = apps instanceof List<?> list ? list.size() : 0;
            return Finding.ok("state", count + (count == 1 ? " app is saved" : " apps are saved"));
        } catch (WireException malformed) {
            return Finding.broken(
                    "state",
                    file + " cannot be read: " + malformed.getMessage()
                            + "; the next daemon sets it aside and begins empty",
                    "'bunctl resurrect' brings a snapshot back; a set-aside file stays beside it");
        }
    }

    /** What earlier troubles left behind. */
    Finding leftovers() throws IOException {
        Path state = home.resolve("state");
        if (!Files.isDirectory(state)) {
            return Finding.ok("stale", "nothing is left behind");
        }
        try (Stream<Path> files = Files.list(state)) {
            List<String> aside = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("desired.json.corrupt-"))
                    .sorted()
                    .toList();
            return aside.isEmpty()
                    ? Finding.ok("stale", "nothing is left behind")
                    : Finding.warn(
                            "stale",
                            "state files that could not be read were set aside: " + String.join(", ", aside),
                            "take from them what you need, then delete them from " + state);
        }
    }

    Finding clock() throws IOException {
        if (patient.now().isBefore(BEFORE_ALL)) {
            return Finding.broken(
                    "clock", "the host's clock says " + patient.now(), "set it: timedatectl set-ntp true");
        }
        Path newest = home.resolve("state/desired.json");
        if (Files.exists(newest)) {
            Instant written = Files.getLastModifiedTime(newest).toInstant();
            if (written.isAfter(patient.now().plus(TOLERATED_FUTURE))) {
                return Finding.warn(
                        "clock",
                        "the saved apps were written in the future (" + written + "): the clock has gone back",
                        "check the host's clock: timedatectl");
            }
        }
        return Finding.ok("clock", "the host's clock says " + patient.now());
    }
}
