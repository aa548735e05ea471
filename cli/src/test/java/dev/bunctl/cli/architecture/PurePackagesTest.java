package dev.bunctl.cli.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions are made without a clock, without chance and without touching the world: those come in as parameters. */
class PurePackagesTest {
    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.time.Instant.now",
            "java.time.ZonedDateTime.now",
            "java.time.LocalDateTime.now",
            "java.time.LocalDate.now",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.util.UUID.randomUUID",
            "java.lang.Math.random",
            "java.lang.Thread.sleep");
    private static final String[] WORLD = {
        "io.vertx..", "io.netty..", "java.net..", "com.sun.jna..", "dev.bunctl.os.linux.."
    };
    /** An open channel may be handed in; how it was opened is not its user's business. */
    private static final Set<String> GIVEN_CHANNELS = Set.of(
            "java.nio.channels.ByteChannel",
            "java.nio.channels.ReadableByteChannel",
            "java.nio.channels.WritableByteChannel");

    private static JavaClasses main;

    @BeforeAll
    static void importMainClasses() {
        main = MainClasses.imported();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.bunctl.verticles.lifecycle..",
                "dev.bunctl.conf..",
                "dev.bunctl.bridge.message..",
                "dev.bunctl.bridge.command..",
                "dev.bunctl.bridge.render.."
            })
    void purePackage_asksNoClockAndNoChance(String pure) {
        noClasses()
                .that()
                .resideInAPackage(pure)
                .should()
                .accessTargetWhere(readsClockOrChance())
                .check(main);
        noClasses()
                .that()
                .resideInAPackage(pure)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .check(main);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.bunctl.verticles.lifecycle..",
                "dev.bunctl.conf",
                "dev.bunctl.bridge.wire..",
                "dev.bunctl.bridge.message..",
                "dev.bunctl.bridge.command..",
                "dev.bunctl.bridge.render.."
            })
    void purePackage_touchesNothing(String pure) {
        noClasses()
                .that()
                .resideInAPackage(pure)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WORLD)
                .check(main);
        noClasses()
                .that()
                .resideInAPackage(pure)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .orShould()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are channels that must be opened",
                        type -> type.getPackageName().equals("java.nio.channels")
                                && !GIVEN_CHANNELS.contains(type.getName())))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(main);
    }

    private static DescribedPredicate<JavaAccess<?>> readsClockOrChance() {
        return DescribedPredicate.describe(
                "read a clock or chance",
                access -> CLOCKS.contains(access.getTargetOwner().getName() + "."
                                + access.getTarget().getName())
                        && !resideInAPackage("dev.bunctl..").test(access.getTargetOwner()));
    }
}
