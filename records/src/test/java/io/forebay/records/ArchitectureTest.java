package io.forebay.records;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What this module may know. Each rule says what to do instead. */
@AnalyzeClasses(packages = "io.forebay.records", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule A_CLIENT_CAN_USE_IT = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.yaml.snakeyaml..",
                    "io.forebay.schemas.json..",
                    "io.forebay.schemas.path..",
                    "io.forebay.records..")
            .because(
                    "it is used where there is no Kafka, no store and no server: hand over what is needed by an interface");

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NO_VALUES = noClasses()
            .that()
            .resideInAPackage("io.forebay.records.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.forebay.records.value..", "io.forebay.records.sync..")
            .because("values are of a model: what needs both stands with the values");

    @ArchTest
    static final ArchRule ONE_READER_OF_YAML = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.forebay.records.file.FileText")
            .and()
            .doNotHaveFullyQualifiedName("io.forebay.records.file.FileText$JsonScalars")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.yaml.snakeyaml..")
            .because("a file is JSON once FileText has read it");

    @ArchTest
    static final ArchRule IT_KEEPS_NO_CLOCK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.time..")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .because("what comes out follows from what goes in");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.forebay.records.(*)..").should().beFreeOfCycles();
}
