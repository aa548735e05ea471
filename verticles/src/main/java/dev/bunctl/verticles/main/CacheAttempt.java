package dev.bunctl.verticles.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of making start-up caches, as it lies in the home: the lines of a key, how often it was tried, and what came of
 * it. {@code bunctl doctor} reads it as well.
 *
 * @param key what they were to fit: the build, the folder and version of Java, and its very build
 * @param tries how often a daemon has begun
 * @param outcome empty until it is known
 */
record CacheAttempt(List<String> key, int tries, String outcome) {
    /** An attempt that its daemon did not outlive is made again, this often. */
    static final int MOST_TRIES = 3;

    static final String MADE = "made";

    CacheAttempt {
        key = List.copyOf(key);
    }

    /** Whether there is nothing more to be tried for this key. */
    boolean settles(List<String> wanted) {
        return key.equals(wanted) && (!outcome.isEmpty() || tries >= MOST_TRIES);
    }

    /** The next attempt. */
    CacheAttempt again(List<String> wanted) {
        return new CacheAttempt(wanted, key.equals(wanted) ? tries + 1 : 1, "");
    }

    CacheAttempt endedWith(String text) {
        return new CacheAttempt(key, tries, text.replace('\n', ' '));
    }

    /** What is written in a file, or that nothing was tried where there is none. */
    static CacheAttempt read(Path file) throws IOException {
        try {
            List<String> lines = Files.readAllLines(file);
            int key = lines.size() - 2;
            return key < 1 || !lines.get(key).chars().allMatch(Character::isDigit)
                    ? new CacheAttempt(List.of(), 0, "")
                    : new CacheAttempt(lines.subList(0, key), number(lines.get(key)), lines.getLast());
        } catch (NoSuchFileException none) {
            return new CacheAttempt(List.of(), 0, "");
        }
    }

    private static int number(String digits) {
        return digits.isEmpty() || digits.length() > 1 ? MOST_TRIES : Integer.parseInt(digits);
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(key);
        lines.add(Integer.toString(tries));
        lines.add(outcome);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        var _ = Files.write(fresh, lines);
        var _ = Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
