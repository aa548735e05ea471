package dev.bunctl.verticles.main;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this JVM holds after a whole collection.
 *
 * @param ours objects of bunctl's own classes, those of pretended hosts aside
 * @param bytes of everything
 */
record LiveObjects(long ours, long bytes) {
    private static final int COUNT = 1;
    private static final int BYTES = 2;
    private static final int NAME = 3;

    /** Collects all garbage, and counts. */
    static LiveObjects now() throws JMException {
        ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
        String table = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(commands, "gcClassHistogram", new Object[] {null}, new String[] {String[].class.getName()});
        LiveObjects sum = new LiveObjects(0, 0);
        for (String line : table.lines().toList()) {
            String[] words = line.strip().split(" +", -1);
            if (words.length > NAME && words[0].endsWith(":") && isOurs(words[NAME])) {
                sum = new LiveObjects(sum.ours + Long.parseLong(words[COUNT]), sum.bytes);
            } else if (words[0].equals("Total")) {
                sum = new LiveObjects(sum.ours, Long.parseLong(words[BYTES]));
            }
        }
        return sum;
    }

    private static boolean isOurs(String name) {
        return name.contains("dev.bunctl.") && !name.contains("dev.bunctl.os.fake.");
    }
}
