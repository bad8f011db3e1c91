package io.forebay;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.forebay.store.StoreEngine;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Arrays;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;

/** Who may know whom. Each rule says what to do instead. */
@AnalyzeClasses(locations = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
    private static final String[] FEATURES = {
        "io.forebay.presence..", "io.forebay.keys..", "io.forebay.cache..", "io.forebay.sync..", "io.forebay.events.."
    };
    private static final String[] HTTP = {"io.forebay.http..", "io.forebay.*.http.."};

    /** The module's main classes, wherever they are, also those outside our own packages. */
    static final class MainClasses implements LocationProvider {
        @Override
        public Set<Location> get(Class<?> testClass) {
            URL classes =
                    StoreEngine.class.getProtectionDomain().getCodeSource().getLocation();
            try {
                return Set.of(Location.of(classes.toURI()));
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ArchTest
    static final ArchRule presenceStandsAlone = standsAlone("presence", "keys", "cache", "sync", "events");

    @ArchTest
    static final ArchRule keysStandAlone = standsAlone("keys", "presence", "cache", "sync", "events");

    @ArchTest
    static final ArchRule cacheStandsOnKeysAlone = standsAlone("cache", "presence", "sync", "events");

    @ArchTest
    static final ArchRule syncStandsAlone = standsAlone("sync", "presence", "keys", "cache", "events");

    @ArchTest
    static final ArchRule eventsStandAlone = standsAlone("events", "presence", "keys", "cache", "sync");

    private static ArchRule standsAlone(String feature, String... others) {
        String[] packages =
                Arrays.stream(others).map(other -> "io.forebay." + other + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.forebay." + feature + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true)
                .because(
                        "features meet through topics only: write to the other's input topic or read its sync topic, or"
                                + " move what both need below them");
    }

    @ArchTest
    static final ArchRule commonPartsKnowNoFeature = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.forebay.http..",
                    "io.forebay.routing..",
                    "io.forebay.store..",
                    "io.forebay.stream..",
                    "io.forebay.command..",
                    "io.forebay.change..",
                    "io.forebay.dataflow..",
                    "io.forebay.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FEATURES)
            .allowEmptyShould(true)
            .because("every feature uses these: take what differs as a parameter or an interface that the feature"
                    + " implements, and wire it in app");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.forebay.(**)")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true)
            .because("packages of a cycle can only be understood together: move the shared type to the lower one, or"
                    + " have the lower one declare an interface");

    @ArchTest
    static final ArchRule stateSeesNoQueryAndNoHttp = noClasses()
            .that()
            .resideInAPackage("io.forebay.*.state..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.forebay.*.query..", "io.forebay.*.http..", "io.forebay.http..")
            .allowEmptyShould(true)
            .because(
                    "a record goes from state to query to http: state keeps data and offers scans, the question belongs"
                            + " to query");

    @ArchTest
    static final ArchRule querySeesNoHttp = noClasses()
            .that()
            .resideInAPackage("io.forebay.*.query..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HTTP)
            .allowEmptyShould(true)
            .because("a query is asked over HTTP, between instances and in tests: parse parameters in http and pass"
                    + " values");

    @ArchTest
    static final ArchRule onlyFlowsTouchTheTopologyBuilder = noClasses()
            .that()
            .resideOutsideOfPackages("io.forebay.app..", "io.forebay.dataflow..")
            .and()
            .haveSimpleNameNotEndingWith("Flow")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Topology.class, StreamsBuilder.class)
            .allowEmptyShould(true)
            .because("wiring is read in one place per feature: add nodes in its Flow, or a kind of node in dataflow");

    @ArchTest
    static final ArchRule onlyAppCreatesStreams = noClasses()
            .that()
            .resideOutsideOfPackage("io.forebay.app..")
            .should()
            .callConstructorWhere(JavaAccess.Predicates.targetOwner(name(KafkaStreams.class.getName())))
            .allowEmptyShould(true)
            .because("app owns their lifecycle, their listeners and what ends the process: have it pass them on");

    @ArchTest
    static final ArchRule onlyRoutingQueriesStreams = noClasses()
            .that()
            .resideOutsideOfPackage("io.forebay.routing..")
            .should()
            .callMethodWhere(JavaAccess.Predicates.target(owner(name(KafkaStreams.class.getName())))
                    .and(JavaAccess.Predicates.target(name("query"))))
            .allowEmptyShould(true)
            .because("the store asked may be on another instance or behind the position wanted: ask the Router");

    @ArchTest
    static final ArchRule onlyHttpSeesTheHttpLibrary = noClasses()
            .that()
            .resideOutsideOfPackages(HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..")
            .allowEmptyShould(true)
            .because(
                    "everything else works without a server: return a value or take an interface that http implements");

    @ArchTest
    static final ArchRule onlyConfigReadsTheEnvironment = noClasses()
            .that()
            .resideOutsideOfPackage("io.forebay.config..")
            .should()
            .callMethodWhere(call("java\\.lang\\.System", "getenv|getProperty|getProperties"))
            .allowEmptyShould(true)
            .because(
                    "a setting that config does not read is neither checked nor documented: add a key to a config record");

    @ArchTest
    static final ArchRule featuresReadNoWallClock = noClasses()
            .that()
            .resideInAnyPackage(FEATURES)
            .should()
            .callMethodWhere(call("java\\.lang\\.System", "currentTimeMillis|nanoTime"))
            .orShould()
            .callMethodWhere(call("java\\.time\\..*", "now"))
            .orShould()
            .callMethodWhere(call("java\\.time\\.Clock", "system.*|tick.*"))
            .allowEmptyShould(true)
            .because("time enters a feature through the log: use the record's log time, or a Clock that app passes in");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethodWhere(call("java\\.lang\\.Thread", "sleep"))
            .allowEmptyShould(true)
            .because("a sleep is too long or too short: wait for the event itself, or schedule");

    @ArchTest
    static final ArchRule packagesAreNamedAfterThings = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .because(
                    "such a name says nothing about what is inside: put it where it is used and name it after what it is");

    @ArchTest
    static final ArchRule kafkasInternalsAreNotUsed = noClasses()
            .should()
            .dependOnClassesThat(
                    resideInAPackage("org.apache.kafka..internals..").or(resideInAPackage("org.rocksdb.internal..")))
            .because("internals change without notice: use the public interface");

    @ArchTest
    static final ArchRule classesAreInOurPackages = classes()
            .should()
            .resideInAPackage("io.forebay..")
            .because("a class in another project's package breaks with its next release: use its public interface");

    @ArchTest
    static final ArchRule packagesSayWhatTheyOwn = classes()
            .should(new ArchCondition<>("be in a package with a package-info that is @NullMarked") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    boolean described = item.getPackage()
                            .tryGetAnnotationOfType("org.jspecify.annotations.NullMarked")
                            .isPresent();
                    events.add(new SimpleConditionEvent(
                            item, described, item.getPackageName() + " has no @NullMarked package-info"));
                }
            })
            .because(
                    "a reader looks there first, and null checks apply to marked packages only: add a package-info.java"
                            + " that says what the package owns and hides");

    /** Calls of methods, where owner and method are regular expressions. */
    private static DescribedPredicate<JavaAccess<?>> call(String owners, String methods) {
        DescribedPredicate<AccessTarget> target = DescribedPredicate.describe(
                "is " + owners + "." + methods,
                called -> called.getOwner().getName().matches(owners)
                        && called.getName().matches(methods));
        return JavaAccess.Predicates.target(target).forSubtype();
    }
}
