package dev.aviary.kernel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KernelArchitectureTest {
  private static final String ROOT = "dev.aviary.kernel";
  private static final JavaClasses KERNEL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static void mayImport(String room, String... rooms) {
    var allowed =
        Stream.concat(
            Stream.of("java..", "dev.aviary.net", "org.jspecify..", "org.slf4j..", room),
            Stream.of(rooms));
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(KERNEL);
  }

  @Test
  void packetsRoutesAndSetsKnowAddressesOnly() {
    mayImport(ROOT + ".packet");
    mayImport(ROOT + ".route");
    mayImport(ROOT + ".ipset");
  }

  @Test
  void connectionsKnowPackets() {
    mayImport(ROOT + ".conntrack", ROOT + ".packet");
  }

  @Test
  void tablesKnowConnectionsSetsAndPackets() {
    mayImport(ROOT + ".netfilter", ROOT + ".conntrack", ROOT + ".ipset", ROOT + ".packet");
  }

  @Test
  void aKernelDoesNotKnowWhoProgramsIt() {
    mayImport(
        ROOT,
        ROOT + ".packet",
        ROOT + ".route",
        ROOT + ".ipset",
        ROOT + ".conntrack",
        ROOT + ".netfilter");
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.aviary.felix..", "dev.aviary.kubeproxy..")
        .check(KERNEL);
  }

  @Test
  void dumpsAreLoadedThroughTheKernelsOwnDoors() {
    mayImport(
        ROOT + ".dump",
        ROOT,
        ROOT + ".packet",
        ROOT + ".route",
        ROOT + ".ipset",
        ROOT + ".conntrack",
        ROOT + ".netfilter");
  }

  @Test
  void thereAreNoCyclesBetweenPackages() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(KERNEL);
  }

  @Test
  void timeChanceAndThreadsComeFromOutside() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Random.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent..")
        .check(KERNEL);
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .check(KERNEL);
  }
}
