package dev.bunctl.conf.field;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds fields by any of their names, and the nearest name to one that is none. */
public final class FieldNames {
    private static final Map<String, Field> BY_NAME = byName();

    /** PM2's fields that nothing here reads, with the reason. */
    private static final Map<String, String> UNUSED = unused();

    private FieldNames() {}

    private static Map<String, Field> byName() {
        var names = new HashMap<String, Field>(512);
        for (Field field : Field.values()) {
            put(names, field.key(), field);
            for (String alias : field.aliases()) {
                put(names, alias, field);
            }
        }
        return names;
    }

    private static void put(Map<String, Field> names, String name, Field field) {
        Field other = names.put(name, field);
        if (other != null) {
            throw new IllegalStateException(name + " names both " + other + " and " + field);
        }
    }

    private static Map<String, String> unused() {
        var unused = new HashMap<String, String>();
        String kept = "pids are kept in the home; `bunctl status --json` shows them";
        unused.put("pid_file", kept);
        unused.put("pid", kept);
        unused.put(
                "source_map_support",
                "Bun maps sources by itself; for Node give interpreter_args \"--enable-source-maps\"");
        unused.put("disable_source_map_support", "nothing injects source map support");
        unused.put("vizion", "repositories are not inspected");
        unused.put("versioning", "repositories are not inspected");
        unused.put("post_update", "there is no `pull`");
        unused.put("pmx", "nothing is injected into the app");
        unused.put("automation", "nothing is injected into the app");
        unused.put("trace", "nothing is injected into the app");
        unused.put("disable_trace", "nothing is injected into the app");
        unused.put("deep_monitoring", "nothing is injected into the app");
        unused.put("axm_options", "nothing is injected into the app");
        unused.put("io", "nothing is injected into the app");
        unused.put("force", "a script may be started under several names");
        unused.put("watch_options", "file changes come from the kernel; use watch, ignore_watch and watch_delay");
        unused.put("kill_retry_time", "ends are reported by the kernel, not polled");
        unused.put("instance_id", "ids are given by the daemon");
        unused.put("node_version", "name the program in interpreter");
        unused.put("windowsHide", "there is no Windows here");
        unused.put("next_gen_js", "Bun runs modern JavaScript and TypeScript by itself");
        unused.put("write", "desired state is always saved");
        return unused;
    }

    /** The field of a name; a member of an object by {@code object.member}. */
    public static Optional<Field> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Why a field of PM2's has no meaning here, or empty for every other name. */
    public static Optional<String> whyUnused(String name) {
        return Optional.ofNullable(UNUSED.get(name));
    }

    /** The names of all unused fields of PM2's, in order. */
    public static Iterable<String> unusedNames() {
        return new TreeSet<>(UNUSED.keySet());
    }

    /** Whether some fields are members of an object of this name. */
    static boolean isObject(String name) {
        String prefix = name + ".";
        for (String key : BY_NAME.keySet()) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** The known name that {@code unknown} most likely meant, or empty when none is near. */
    public static Optional<String> nearest(String unknown) {
        return nearest(unknown, BY_NAME.keySet());
    }

    static Optional<String> nearest(String unknown, Iterable<String> known) {
        if (unknown.length() > 64) {
            return Optional.empty();
        }
        String wanted = snake(unknown);
        int best = Math.max(1, wanted.length() / 3) + 1;
        String nearest = null;
        for (String name : known) {
            int distance = distance(wanted, name);
            if (distance < best || (distance == best && nearest != null && name.compareTo(nearest) < 0)) {
                best = distance;
                nearest = name;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** {@code maxMemory} and {@code max-memory} as {@code max_memory}. */
    private static String snake(String name) {
        var snake = new StringBuilder();
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            if (Character.isUpperCase(c) && at > 0 && Character.isLowerCase(name.charAt(at - 1))) {
                snake.append('_');
            }
            snake.append(c == '-' ? '_' : c);
        }
        return snake.toString().toLowerCase(Locale.ROOT);
    }

    /** How many letters to insert, delete, replace or swap with a neighbour. */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int at = 0; at <= to.length(); at++) {
            last[at] = at;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replace = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(row[j - 1], last[j]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[to.length()];
    }
}
