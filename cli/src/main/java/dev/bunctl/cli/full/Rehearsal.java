package dev.bunctl.cli.full;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs several command lines in one process while the start-up cache of the full client is recorded, so that the cache holds
 * what each of them needs. Its arguments are the words of all of them, with {@code ,} between.
 */
final class Rehearsal {
    private static final String NEXT = ",";

    private Rehearsal() {}

    /** The exit code is that of the first: a host need not have what the others read configurations with. */
    public static void main(String[] arguments) {
        List<Integer> exits = new ArrayList<>();
        List<String> line = new ArrayList<>();
        for (String word : arguments) {
            if (word.equals(NEXT)) {
                exits.add(FullClient.run(line.toArray(String[]::new)));
                line.clear();
            } else {
                line.add(word);
            }
        }
        exits.add(FullClient.run(line.toArray(String[]::new)));
        System.exit(exits.getFirst());
    }
}
