package dev.bunctl.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** House rules that a machine can hold. */
class SourceStyleTest {
    private static final int MAX_LINES = 400;
    private static final int MAX_TEST_LINES = 600;
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES =
            List.of("conf", "native-bindings", "bridge", "webui", "verticles", "cli");
    private static final Pattern VAGUE = Pattern.compile(".*(Manager|Helper|Utils?|Impl)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    private static JavaClasses main;

    @BeforeAll
    static void importMainClasses() {
        main = MainClasses.imported();
    }

    @Test
    void file_answersOneQuestionInFewLines() throws IOException {
        assertEquals(List.of(), sourcesWhere(file -> read(file).lines().count() > mostLines(file)));
    }

    @Test
    void file_leavesNothingForLater() throws IOException {
        assertEquals(
                List.of(),
                sourcesWhere(file -> !file.endsWith("SourceStyleTest.java")
                        && UNFINISHED.matcher(read(file)).find()));
    }

    @Test
    void package_saysWhatItIsAndIsNullMarked() throws IOException {
        List<Path> unmarked = new ArrayList<>();
        for (Path folder : foldersWithSources()) {
            Path info = folder.resolve("package-info.java");
            if (!Files.exists(info)
                    || !read(info).contains("@NullMarked")
                    || !read(info).startsWith("/**")) {
                unmarked.add(ROOT.relativize(folder));
            }
        }
        assertEquals(List.of(), unmarked);
    }

    @Test
    void type_isNamedByWhatItIs() {
        noClasses().should().haveNameMatching(VAGUE.pattern()).check(main);
    }

    @Test
    void verticle_isNamedSo() {
        noClasses()
                .that()
                .areAssignableTo("io.vertx.core.VerticleBase")
                .or()
                .areAssignableTo("io.vertx.core.AbstractVerticle")
                .should()
                .haveSimpleNameNotEndingWith("Verticle")
                .check(main);
    }

    @Test
    void process_isEndedOnlyByAMain() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "have no main method",
                        type -> type.getMethods().stream()
                                .noneMatch(method -> method.getName().equals("main"))))
                .should()
                .accessTargetWhere(calls("java.lang.System.exit", "java.lang.Runtime.exit", "java.lang.Runtime.halt"))
                .check(main);
    }

    @Test
    void thread_neverSleepsInPlaceOfAnEvent() {
        noClasses().should().accessTargetWhere(calls("java.lang.Thread.sleep")).check(main);
    }

    @Test
    void process_isNeverStartedThroughAShell() {
        noClasses().should().accessTargetWhere(calls("java.lang.Runtime.exec")).check(main);
    }

    private static DescribedPredicate<JavaAccess<?>> calls(String... names) {
        List<String> wanted = List.of(names);
        return DescribedPredicate.describe(
                "call " + wanted,
                access -> wanted.contains(access.getTargetOwner().getName() + "."
                        + access.getTarget().getName()));
    }

    private static int mostLines(Path file) {
        return file.toString().contains("/src/test/") ? MAX_TEST_LINES : MAX_LINES;
    }

    private static List<Path> sourcesWhere(Predicate<Path> condition) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path source : sources("src")) {
            if (condition.test(source)) {
                found.add(ROOT.relativize(source));
            }
        }
        return found;
    }

    private static List<Path> foldersWithSources() throws IOException {
        return sources("src/main/java").stream().map(Path::getParent).distinct().toList();
    }

    private static List<Path> sources(String under) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = ROOT.resolve(module).resolve(under);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                }
            }
        }
        assertTrue(!found.isEmpty(), "no sources under " + ROOT);
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
