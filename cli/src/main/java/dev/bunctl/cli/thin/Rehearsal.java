package dev.bunctl.cli.thin;

/**
 * Runs several command lines in one process while the start-up cache of the thin client is recorded, so that the cache holds
 * what each of them needs. Its arguments are the words of all of them, with {@code ,} between.
 */
final class Rehearsal {
    private static final String NEXT = ",";

    private Rehearsal() {}

    /** Runs the command lines one after the other; the exit code is that of the first that fails. */
    public static void main(String[] arguments) {
        int start = 0;
        for (int end = 0; end <= arguments.length; end++) {
            if (end == arguments.length || arguments[end].equals(NEXT)) {
                String[] argv = new String[end - start];
                System.arraycopy(arguments, start, argv, 0, argv.length);
                int exit = ThinClient.run(argv);
                if (exit != 0) {
                    System.exit(exit);
                }
                start = end + 1;
            }
        }
        System.exit(0);
    }
}
