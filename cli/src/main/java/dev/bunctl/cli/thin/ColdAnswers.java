package dev.bunctl.cli.thin;

import java.io.IOException;

/** What is answered when no daemon runs. None is started for it. */
final class ColdAnswers {
    private static final String NO_APPS = "{\"version\":1,\"apps\":[]}\n";
    private static final String HINT = "'bunctl start' starts one, with every app that should run";

    private ColdAnswers() {}

    /** Prints the answer to a command line; the exit code. */
    static int answer(String[] argv) throws IOException {
        boolean json = false;
        boolean named = false;
        for (int i = 1; i < argv.length; i++) {
            json |= argv[i].equals("--json");
            named |= !argv[i].startsWith("-") && !argv[i].equals("all");
        }
        return switch (argv[0]) {
            case "list", "ls", "l", "ps", "status", "describe", "desc", "show" -> apps(json, named);
            case "ping" -> ping(json);
            case "kill" -> kill(json);
            default -> noDaemon();
        };
    }

    private static int noDaemon() {
        Console.fail("no daemon runs in ".concat(Caller.home()), HINT);
        return ThinClient.EXIT_NO_DAEMON;
    }

    private static int ping(boolean json) throws IOException {
        if (json) {
            int _ = Console.out("{\"version\":1,\"daemon_pid\":null,\"guard_pid\":null}\n");
        }
        return noDaemon();
    }

    private static int kill(boolean json) throws IOException {
        if (json) {
            int _ = Console.out(NO_APPS);
        }
        int _ = Console.err("no daemon runs\n");
        return 0;
    }

    private static int apps(boolean json, boolean named) throws IOException {
        if (json) {
            int _ = Console.out(NO_APPS);
        }
        if (named) {
            Console.fail("no such app: no daemon runs in ".concat(Caller.home()), HINT);
            return ThinClient.EXIT_UNKNOWN_APP;
        }
        if (!json) {
            int _ = Console.err("no daemon runs, so no app does\n");
        }
        return 0;
    }
}
