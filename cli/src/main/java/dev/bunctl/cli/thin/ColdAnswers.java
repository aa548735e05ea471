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
        switch (argv[0]) {
            case "list", "ls", "l", "ps", "status" -> {
                return apps(json, named);
            }
            case "describe", "desc", "show" -> {
                return apps(json, named);
            }
            case "ping" -> {
                if (json) {
                    int unused = Console.out("{\"version\":1,\"running\":false}\n");
                }
                Console.fail("no daemon runs in ".concat(Caller.home()), HINT);
                return ThinClient.EXIT_NO_DAEMON;
            }
            case "kill" -> {
                if (json) {
                    int unused = Console.out(NO_APPS);
                }
                int unused = Console.err("no daemon runs\n");
                return 0;
            }
            default -> {
                Console.fail("no daemon runs in ".concat(Caller.home()), HINT);
                return ThinClient.EXIT_NO_DAEMON;
            }
        }
    }

    private static int apps(boolean json, boolean named) throws IOException {
        if (json) {
            int unused = Console.out(NO_APPS);
        }
        if (named) {
            Console.fail("no such app: no daemon runs in ".concat(Caller.home()), HINT);
            return ThinClient.EXIT_UNKNOWN_APP;
        }
        if (!json) {
            int unused = Console.err("no daemon runs, so no app does\n");
        }
        return 0;
    }
}
