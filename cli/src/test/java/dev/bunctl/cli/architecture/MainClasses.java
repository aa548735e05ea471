package dev.bunctl.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The classes that are shipped. */
final class MainClasses {
    /** Tests that modules lend to each other come as jars of this name. */
    private static final String LENT = "-tests.jar";

    private MainClasses() {}

    static JavaClasses imported() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains(LENT))
                .importPackages("dev.bunctl");
    }
}
