package dev.bunctl.cli.doctor;

import dev.bunctl.bridge.message.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The socket, and who is behind it. */
final class DaemonChecks {
    /** Longest path of a Unix socket, see unix(7). */
    private static final int MAX_SOCKET_PATH = 107;

    private final Patient patient;
    private final Path socket;

    DaemonChecks(Patient patient) {
        this.patient = patient;
        this.socket = patient.home().resolve("run/bunctl.sock");
    }

    Finding socket() {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH) {
            return Finding.broken(
                    "socket",
                    "the path of the socket has " + length + " bytes, more than " + MAX_SOCKET_PATH + ": " + socket,
                    "set BUNCTL_HOME to a folder with a shorter path");
        }
        boolean exists = Files.exists(socket, LinkOption.NOFOLLOW_LINKS);
        if (!exists && guardHoldsTheLock()) {
            return Finding.broken(
                    "socket",
                    "a guard runs but its socket " + socket + " was deleted",
                    "wait a moment and look again: the guard makes it anew");
        }
        if (exists && patient.daemon() instanceof Patient.Daemon.None) {
            return Finding.warn(
                    "socket", socket + " is there but nobody listens", "'bunctl start' puts a new one in its place");
        }
        return Finding.ok("socket", exists ? socket + " takes connections" : "no daemon runs, so there is none");
    }

    /** The pid in run/lock belongs to a guard that lives. */
    private boolean guardHoldsTheLock() {
        return HostFile.number(patient.home().resolve("run/lock"))
                .flatMap(pid -> HostFile.read(patient.proc(pid + "/comm")))
                .map(name -> name.strip().equals("bunctl-guard"))
                .orElse(false);
    }

    Finding daemon() {
        return switch (patient.daemon()) {
            case Patient.Daemon.None() -> Finding.ok("daemon", "none runs; 'bunctl start' starts one");
            case Patient.Daemon.Silent(String cause) ->
                Finding.broken(
                        "daemon",
                        "it does not answer: " + cause,
                        "the guard replaces a hung daemon by itself; daemon.log in the home says more");
            case Patient.Daemon.Alive(Answer.Pong pong, var _, var _) -> alive(pong);
        };
    }

    private Finding alive(Answer.Pong pong) {
        String found =
                "daemon " + pong.daemonPid() + " of version " + pong.version() + " under guard " + pong.guardPid();
        return pong.version().equals(patient.version())
                ? Finding.ok("daemon", found)
                : Finding.warn(
                        "daemon",
                        found + ", while this command is of version " + patient.version(),
                        "'bunctl update' puts the installed version in its place; apps run on");
    }

    /** Where other hosts reach the daemon, and by what they know it. */
    Finding bridge() {
        if (!(patient.daemon() instanceof Patient.Daemon.Alive(var _, var found, var _)) || found.isEmpty()) {
            return Finding.ok("bridge", "no daemon that could be reached from elsewhere");
        }
        Answer.Listening listening = found.get();
        if (!listening.enabled()) {
            return Finding.ok("bridge", "closed: other hosts cannot reach the daemon");
        }
        String where = listening.address() + " port " + listening.port();
        if (listening.problem().isPresent()) {
            return Finding.broken(
                    "bridge",
                    "it does not listen on " + where + ": "
                            + listening.problem().get(),
                    "'bunctl listen' with another --address or --port, or --off");
        }
        return Finding.ok(
                "bridge",
                "listens on " + where
                        + listening
                                .fingerprint()
                                .map(print -> ", certificate " + print)
                                .orElse(", not encrypted"));
    }
}
