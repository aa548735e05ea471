package dev.bunctl.bridge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpTest {
    private static final Path REFERENCE = Path.of("..", "docs", "commands.md");

    @Test
    void help_everyPage_fits80Columns() {
        assertFits(Help.overall());
        CommandTable.all().forEach(command -> assertFits(Help.of(command)));
    }

    private static void assertFits(String page) {
        page.lines().forEach(line -> assertTrue(line.length() <= Help.WIDTH, line));
    }

    @Test
    void help_overall_namesEveryCommand() {
        CommandTable.all()
                .forEach(command -> assertTrue(Help.overall().contains("\n  " + command.name() + " "), command.name()));
    }

    @Test
    void table_namesAndAliases_areUnique() {
        Set<String> seen = new HashSet<>();
        for (CommandSpec command : CommandTable.all()) {
            assertTrue(seen.add(command.name()), command.name());
            command.aliases().forEach(alias -> assertTrue(seen.add(alias), alias));
        }
    }

    @Test
    void examples_everyOne_parses() {
        for (CommandSpec command : CommandTable.all()) {
            for (String example : command.examples()) {
                if (example.startsWith("bunctl ")) {
                    List<String> words = List.of(example.replace("\"", "").split(" "));
                    Request request = Grammar.parse(words.subList(1, words.size()), false);
                    assertTrue(!(request instanceof Request.Rejected) || example.contains("--command"), example);
                }
            }
        }
    }

    /** With -Dbunctl.write.docs=true the file is written anew. */
    @Test
    void reference_file_isWhatTheTableSays() throws IOException {
        if (Boolean.getBoolean("bunctl.write.docs")) {
            var _ = Files.writeString(REFERENCE, Reference.markdown());
        }
        assertEquals(
                Reference.markdown(),
                Files.readString(REFERENCE),
                "docs/commands.md has drifted: run this test with -Dbunctl.write.docs=true");
    }

    @Test
    void completion_bash_isReadByBashAndCompletes(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("bunctl.bash"), Completion.script(Completion.Shell.BASH));
        Process bash = new ProcessBuilder(
                        "bash",
                        "--norc",
                        "-c",
                        "source \"$1\"; COMP_WORDS=(bunctl resta); COMP_CWORD=1; _bunctl; echo \"${COMPREPLY[*]}\";"
                                + " COMP_WORDS=(bunctl logs --nos); COMP_CWORD=2; _bunctl; echo \"${COMPREPLY[*]}\"",
                        "bash",
                        script.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), out);
        assertEquals("restart\n--nostream\n", out);
    }

    @Test
    void completion_everyShell_namesEveryCommand() {
        for (Completion.Shell shell : Completion.Shell.values()) {
            String script = Completion.script(shell);
            CommandTable.all().forEach(command -> assertTrue(script.contains(command.name()), shell + command.name()));
            assertInstanceOf(
                    Request.ShowCompletion.class, Grammar.parse(List.of("completion", shell.wordName()), false));
        }
    }
}
