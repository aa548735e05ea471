package dev.bunctl.cli.thin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ThinClientTest {
    private static final Path CLASSES = Path.of("target/classes/dev/bunctl/cli/thin");

    /** Lambdas, string templates and switches over patterns are linked at run time, which costs more than the exchange. */
    @Test
    void classes_linkNothingAtRunTime() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> classes = Files.list(CLASSES)) {
            for (Path file : classes.toList()) {
                for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
                    if (entry instanceof InvokeDynamicEntry dynamic) {
                        found.add(file.getFileName() + " " + dynamic.name().stringValue());
                    }
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void environment_isWhatTheCallerHad() {
        Map<String, String> changed = new HashMap<>();
        changed.put("LC_ALL", "C.UTF-8");
        changed.put("BUNCTL_CALLER_LC_ALL", "de_DE.UTF-8");
        changed.put("BUNCTL_CALLER__JAVA_OPTIONS", "-Xmx1g");
        changed.put("PATH", "/bin");
        assertEquals(
                Map.of("LC_ALL", "de_DE.UTF-8", "_JAVA_OPTIONS", "-Xmx1g", "PATH", "/bin"), Caller.restored(changed));
    }

    @Test
    void environment_holdsNoToken() {
        assertEquals(Map.of("PATH", "/bin"), Caller.restored(Map.of("PATH", "/bin", Caller.TOKEN, "bunctl_x")));
    }

    @Test
    void environment_withoutALocale_staysWithoutOne() {
        assertFalse(Caller.restored(Map.of("LC_ALL", "C.UTF-8")).containsKey("LC_ALL"));
    }
}
