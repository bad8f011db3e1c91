package io.forebay.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = {
            "io.forebay.deploy",
            "io.forebay.embedded",
            "io.forebay.postgres",
            "io.forebay.registry",
            "io.forebay.remote",
            "io.forebay.transfer",
            "io.forebay.cli"
        },
        importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule ONE_ADAPTER_TO_THE_BROKER = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.forebay.embedded.KafkaNode")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "kafka..",
                    "org.apache.kafka.server..",
                    "org.apache.kafka.metadata..",
                    "org.apache.kafka.controller..",
                    "org.apache.kafka.raft..")
            .because("Kafka's server classes are no public API: ask KafkaNode for what is needed of them");

    @ArchTest
    static final ArchRule THE_REGISTRY_KNOWS_NO_BROKER = noClasses()
            .that()
            .resideInAPackage("io.forebay.registry")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.forebay.embedded", "io.forebay.cli")
            .because("it needs a cluster's address and nothing else: hand it over");

    @ArchTest
    static final ArchRule A_REMOTE_FOREBAY_KNOWS_NO_FEATURE = noClasses()
            .that()
            .resideInAPackage("io.forebay.remote")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.forebay.transfer", "io.forebay.cli")
            .because("it asks and is answered: what about is for the caller to know");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage("io.forebay.cli")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.forebay.cli")
            .because("what is typed is turned into arguments there and ends there");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.forebay.(*)..").should().beFreeOfCycles();
}
