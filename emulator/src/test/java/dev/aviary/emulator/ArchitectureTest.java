package dev.aviary.emulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
  private static final JavaClasses EMULATOR =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.aviary.emulator");

  @ParameterizedTest
  @CsvSource({
    "resource, node",
    "resource, cluster",
    "resource, cli",
    "resource, speaker",
    "speaker, node",
    "speaker, cluster",
    "speaker, cli",
    "resource, confd",
    "node, confd",
    "node, bird",
    "bird, cluster",
    "bird, cli",
    "node, cluster",
    "confd, cluster",
    "confd, cli",
    "node, cli",
    "cluster, cli",
    "cluster, calicoctl",
    "calicoctl, cli"
  })
  void whoIsBelowDoesNotKnowWhoIsAbove(String below, String above) {
    noClasses()
        .that()
        .resideInAPackage("dev.aviary.emulator." + below)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.aviary.emulator." + above)
        .check(EMULATOR);
  }

  @Test
  void resourcesKnowNothingOfWhatIsMadeOfThem() {
    noClasses()
        .that()
        .resideInAPackage("dev.aviary.emulator.resource")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.aviary.bgp..",
            "dev.aviary.ipam..",
            "dev.aviary.kernel..",
            "dev.aviary.felix..",
            "dev.aviary.kubeproxy..")
        .check(EMULATOR);
  }

  @Test
  void onlyResourcesSeeYaml() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.aviary.emulator.resource")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tools.jackson..")
        .check(EMULATOR);
  }

  @Test
  void theCommandLineSeesClustersNotTheirParts() {
    noClasses()
        .that()
        .resideInAPackage("dev.aviary.emulator.cli")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.aviary.bgp..",
            "dev.aviary.ipam..",
            "dev.aviary.kernel..",
            "dev.aviary.felix..",
            "dev.aviary.kubeproxy..",
            "io.netty..")
        .check(EMULATOR);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.aviary.emulator.(*)..").should().beFreeOfCycles().check(EMULATOR);
  }

  @Test
  void onlyTheClockOfAClusterReadsTheTime() {
    noClasses()
        .that()
        .haveNameNotMatching(".*ClusterTime.*")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.Clock.class, "systemUTC")
        .check(EMULATOR);
  }
}
