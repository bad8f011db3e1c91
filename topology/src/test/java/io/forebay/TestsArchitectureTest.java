package io.forebay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URISyntaxException;
import java.util.Set;

/** What this module's tests must not do. */
@AnalyzeClasses(locations = TestsArchitectureTest.TestClasses.class)
class TestsArchitectureTest {
    /** The module's test classes. */
    static final class TestClasses implements LocationProvider {
        @Override
        public Set<Location> get(Class<?> testClass) {
            try {
                return Set.of(Location.of(testClass
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ArchTest
    static final ArchRule testsDoNotSleep = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a sleep is too long or too short: wait on a condition with Awaitility");
}
