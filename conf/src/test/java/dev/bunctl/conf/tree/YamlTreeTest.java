package dev.bunctl.conf.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunctl.conf.field.JsonText;
import org.junit.jupiter.api.Test;

class YamlTreeTest {
    private static String json(String yaml) throws ConfigException {
        return JsonText.of(YamlTree.read(yaml, "a.yaml"));
    }

    @Test
    void yaml_isTheSameTreeAsJson() throws ConfigException {
        assertEquals(
                "{\"apps\":[{\"name\":\"a\",\"instances\":2,\"watch\":true,\"x\":null,\"y\":1.5,\"z\":\"on\",\"w\":\"012\"}]}",
                json("""
                        # comment
                        apps:
                          - name: a
                            instances: 2
                            watch: true
                            x:
                            y: 1.5
                            z: on
                            w: "012"
                        """));
    }

    @Test
    void aliases_areWrittenOut() throws ConfigException {
        assertEquals("{\"a\":{\"b\":1},\"c\":{\"b\":1}}", json("a: &x {b: 1}\nc: *x\n"));
    }

    @Test
    void mistakes_haveTheirPlace() {
        assertRefused("a: 1\nb: [\n", "a.yaml:3:1: not valid YAML");
        assertRefused("a: 1\na: 2\n", "a.yaml:2:1: 'a' is already given at line 1");
        assertRefused("", "a.yaml:1:1: empty");
        assertRefused("a: !!binary x\n", "a.yaml:1:4: a string, a number, true, false or null expected");
        assertRefused("? [a]\n: 1\n", "a.yaml:1:3: the name of a field expected");
        assertRefused("a: 99999999999999999999\n", "a.yaml:1:4: a decimal number of at most 64 bits expected");
        assertRefused("--- 1\n--- 2\n", "a.yaml");
        assertRefused("- ".repeat(ConfigLimits.MAX_DEPTH + 2) + "1", "a.yaml:1:");
    }

    @Test
    void smallTextThatStandsForAHugeOne_isRefused() {
        var yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int at = 1; at < 10; at++) {
            yaml.append("a%d: &a%d [".formatted(at, at))
                    .append("*a%d,".formatted(at - 1).repeat(10))
                    .append("]\n");
        }
        assertRefused(yaml.toString(), "a.yaml");
    }

    private static void assertRefused(String yaml, String start) {
        var refused = assertThrows(ConfigException.class, () -> json(yaml));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(start), refused.getMessage());
    }
}
