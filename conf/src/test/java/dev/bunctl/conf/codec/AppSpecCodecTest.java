package dev.bunctl.conf.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Instances;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.conf.RandomSpecs;
import dev.bunctl.conf.Readiness;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.StopPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppSpecCodecTest {
    private static final long SEED = 20_250_101;

    @Test
    void randomSpec_comesBackEqual() {
        var specs = new RandomSpecs(SEED);
        for (int at = 0; at < 2_000; at++) {
            AppSpec spec = specs.next();
            Map<String, Object> map = AppSpecCodec.toMap(spec);
            assertEquals(spec, AppSpecCodec.fromMap(map), "seed " + SEED + ", spec " + at);
            assertJson("", map);
        }
    }

    @Test
    void smallNumbers_mayBeIntegers() {
        Map<String, Object> map = new LinkedHashMap<>(AppSpecCodec.toMap(new RandomSpecs(SEED).next()));
        map.put("umask", 18);
        assertEquals(18, AppSpecCodec.fromMap(map).umask());
    }

    @Test
    void whatHasADefault_mayBeLeftOut() {
        AppSpec spec = AppSpecCodec.fromMap(minimal());
        assertEquals("default", spec.namespace());
        assertEquals(Instances.ONE, spec.instances());
        assertEquals(RestartPolicy.DEFAULT, spec.restart());
        assertEquals(StopPolicy.DEFAULT, spec.stop());
        assertEquals(Readiness.DEFAULT, spec.readiness());
        assertEquals(Limits.NONE, spec.limits());
        assertEquals(LogPolicy.DEFAULT, spec.logs());
        assertTrue(spec.autoStart());
    }

    @Test
    void unknownMember_isRefusedAtEveryDepth() {
        Map<String, Object> map = AppSpecCodec.toMap(new RandomSpecs(SEED).next());
        for (List<String> path : objects(map)) {
            Map<String, Object> changed = copy(map);
            at(changed, path).put("surprise", 1L);
            var refused = assertThrows(SpecFormatException.class, () -> AppSpecCodec.fromMap(changed));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.contains("'surprise'"), message);
            assertTrue(message.startsWith(String.join(".", path)), message);
        }
    }

    @Test
    void memberOfAnotherKind_isNamed() {
        assertRefused("umask", "x", "umask: a whole number expected, not 'x'");
        assertRefused("umask", 512L, "umask: 0 to 511 (octal 777) expected, not 512");
        assertRefused("version", 2L, "version: 1 expected, not 2");
        assertRefused("directory", "here", "directory: an absolute path expected, not 'here'");
        assertRefused("environment", Map.of("A", 1L), "environment: an object of strings expected, not 1");
        assertRefused("restart", "always", "restart: an object expected, not 'always'");
        assertRefused(
                "restart",
                Map.of("mode", "maybe"),
                "restart.mode: one of always, on-failure, no expected, not 'maybe'");
        assertRefused("dependencies", List.of(Map.of()), "dependencies[0].app: a string expected, not nothing");
        assertRefused("readiness", Map.of("sign", Map.of("kind", "luck")), "readiness.sign.kind: a known kind");
        assertRefused("cron_restart", Map.of("expression", "* * * * *", "zone", "Mars"), "cron_restart: ");
        assertRefused("name", "a/b", "specification: a name cannot contain '/'");
        assertRefused("instances", Map.of("count", 0L), "instances: instances must be 1 to 1024, not 0");
        assertRefused("stop", Map.of("timeout_ms", -1L), "stop.timeout_ms: 0 or more milliseconds expected, not -1");
    }

    private static void assertRefused(String member, Object value, String message) {
        Map<String, Object> map = minimal();
        map.put(member, value);
        var refused = assertThrows(SpecFormatException.class, () -> AppSpecCodec.fromMap(map));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(message), refused.getMessage());
    }

    private static Map<String, Object> minimal() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", "api");
        map.put("directory", "/app");
        map.put("program", Map.of("executable", "/bin/true", "arguments", List.of("true"), "script", "true"));
        return map;
    }

    private static void assertJson(String path, Object value) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((key, member) -> {
                    assertTrue(key instanceof String, path);
                    if (member != null) {
                        assertJson(path + "." + key, member);
                    }
                });
            case List<?> list -> list.forEach(element -> assertJson(path + "[]", element));
            default ->
                assertTrue(
                        value instanceof String
                                || value instanceof Long
                                || value instanceof Double
                                || value instanceof Boolean,
                        path + " is a " + value.getClass());
        }
    }

    /** The paths of all objects that have fixed members. */
    private static List<List<String>> objects(Map<String, Object> map) {
        var paths = new ArrayList<List<String>>();
        paths.add(List.of());
        for (String name : List.of("program", "instances", "restart", "stop", "readiness", "limits", "logs")) {
            assertTrue(map.get(name) instanceof Map, name);
            paths.add(List.of(name));
        }
        paths.add(List.of("restart", "backoff"));
        paths.add(List.of("readiness", "sign"));
        paths.add(List.of("logs", "rotation"));
        return paths;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> copy(Map<String, Object> map) {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, value) ->
                copy.put(key, value instanceof Map<?, ?> inner ? copy((Map<String, Object>) inner) : value));
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> at(Map<String, Object> map, List<String> path) {
        Map<String, Object> found = map;
        for (String name : path) {
            found = (Map<String, Object>) java.util.Objects.requireNonNull(found.get(name));
        }
        return found;
    }
}
