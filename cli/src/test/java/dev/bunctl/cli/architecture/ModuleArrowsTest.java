package dev.bunctl.cli.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the modules go one way: {@code docs/ARCHITECTURE.md} draws them. */
class ModuleArrowsTest {
    private static final String ANNOTATIONS_A = "org.jspecify..";
    private static final String ANNOTATIONS_B = "com.google.errorprone.annotations..";
    /** What of java.base the thin client pays for at each start. */
    private static final String[] SMALL_JAVA = {
        "java.lang..", "java.io..", "java.nio..", "java.net..", "java.util", ANNOTATIONS_A, ANNOTATIONS_B
    };

    private static JavaClasses main;

    @BeforeAll
    static void importMainClasses() {
        main = MainClasses.imported();
    }

    @Test
    void everyPackage_isPartOfAModule() {
        check(classes()
                .should()
                .resideInAnyPackage(
                        "dev.bunctl.conf..",
                        "dev.bunctl.os..",
                        "dev.bunctl.bridge..",
                        "dev.bunctl.webui..",
                        "dev.bunctl.verticles..",
                        "dev.bunctl.cli.."));
    }

    @Test
    void conf_knowsNoOtherModuleAndNoVertx() {
        check(onlyUses(
                "dev.bunctl.conf..",
                "dev.bunctl.conf..",
                "java..",
                "com.fasterxml.jackson.core..",
                "org.snakeyaml.engine.."));
    }

    @Test
    void nativeBindings_knowNoOtherModuleAndNoVertx() {
        check(onlyUses("dev.bunctl.os..", "dev.bunctl.os..", "java..", "com.sun.jna.."));
    }

    @Test
    void osApi_isFreeOfPlatforms() {
        check(onlyUses("dev.bunctl.os.api..", "dev.bunctl.os.api..", "java.."));
    }

    @Test
    void bridge_knowsOnlyConf() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.bunctl.bridge..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.bunctl.os..", "dev.bunctl.verticles..", "dev.bunctl.cli..", "dev.bunctl.webui.."));
    }

    @Test
    void bridgeWire_isPlainJava() {
        check(onlyUses("dev.bunctl.bridge.wire..", with(SMALL_JAVA, "dev.bunctl.bridge.wire..")));
    }

    @Test
    void bridgeMessagesCommandsAndRendering_knowNoVertx() {
        for (String part : new String[] {"message", "command", "render"}) {
            check(onlyUses("dev.bunctl.bridge." + part + "..", "dev.bunctl.bridge..", "dev.bunctl.conf..", "java.."));
            check(noClasses()
                    .that()
                    .resideInAPackage("dev.bunctl.bridge." + part + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.bunctl.bridge.server.."));
        }
    }

    @Test
    void verticles_areKnownToNobodyButTheDistribution() {
        check(noClasses()
                .that(not(resideInAnyPackage("dev.bunctl.verticles..", "dev.bunctl.cli.dist..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.bunctl.verticles.."));
    }

    /** Its jars are on no class path. */
    @Test
    void hazelcast_isNamedByNoClass() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster.."));
    }

    @Test
    void clusteredVertx_isKnownToOnePackage_andThatToTheDaemonAlone() {
        check(noClasses()
                .that(not(resideInAnyPackage("dev.bunctl.verticles.cluster..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.core.spi.cluster.."));
        check(noClasses()
                .that(not(resideInAnyPackage("dev.bunctl.verticles.cluster..", "dev.bunctl.verticles.main..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.bunctl.verticles.cluster.."));
    }

    @Test
    void cli_isKnownToNobody() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.bunctl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.bunctl.cli.."));
    }

    @Test
    void thinClient_usesOnlyTheWireAndPlainJava() {
        check(onlyUses("dev.bunctl.cli.thin..", with(SMALL_JAVA, "dev.bunctl.cli.thin..", "dev.bunctl.bridge.wire..")));
    }

    @Test
    void fullClient_usesNoVertxAndNoNativeCode() {
        check(onlyUses(
                "dev.bunctl.cli.full..",
                "dev.bunctl.cli.full..",
                "dev.bunctl.cli.doctor..",
                "dev.bunctl.cli.thin..",
                "dev.bunctl.bridge.wire..",
                "dev.bunctl.bridge.message..",
                "dev.bunctl.bridge.command..",
                "dev.bunctl.bridge.render..",
                "dev.bunctl.conf..",
                "javax.net.ssl..",
                "java.."));
    }

    @Test
    void doctor_looksForItself() {
        check(onlyUses(
                "dev.bunctl.cli.doctor..",
                "dev.bunctl.cli.doctor..",
                "dev.bunctl.bridge.wire..",
                "dev.bunctl.bridge.message..",
                "dev.bunctl.bridge.render..",
                "java.."));
    }

    private static String[] with(String[] some, String... more) {
        String[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private static ArchRule onlyUses(String from, String... allowed) {
        return classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(allowed, ANNOTATIONS_A, ANNOTATIONS_B));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(false).check(main);
    }
}
