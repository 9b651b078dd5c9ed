package dev.aviary.felix;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FelixArchitectureTest {
  private static final JavaClasses FELIX =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.aviary.felix");

  private static final String[] LANGUAGE = {"java..", "org.jspecify..", "org.slf4j.."};

  private static void mayKnow(String room, String... others) {
    var allowed = new ArrayList<>(List.of(LANGUAGE));
    allowed.add(room);
    allowed.addAll(List.of(others));
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(FELIX);
  }

  @Test
  void selectorsKnowNothing() {
    mayKnow("dev.aviary.felix.selector");
  }

  @Test
  void intentKnowsNoKernel() {
    mayKnow("dev.aviary.felix.calc", "dev.aviary.felix.selector", "dev.aviary.net", "io.vavr..");
  }

  @Test
  void theDataPlaneKnowsIntentAndKernel() {
    mayKnow(
        "dev.aviary.felix.dataplane",
        "dev.aviary.felix.calc",
        "dev.aviary.kernel..",
        "dev.aviary.net",
        "io.vavr..");
  }

  @Test
  void felixKnowsItsRoomsAndTheKernel() {
    mayKnow(
        "dev.aviary.felix",
        "dev.aviary.felix.calc",
        "dev.aviary.felix.dataplane",
        "dev.aviary.kernel..",
        "dev.aviary.net",
        "io.vavr..");
  }

  @Test
  void roomsDontDependOnEachOtherInACircle() {
    slices().matching("dev.aviary.(**)").should().beFreeOfCycles().check(FELIX);
  }

  @Test
  void timeAndChanceComeThroughConstructors() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent..")
        .check(FELIX);
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
        .check(FELIX);
  }
}
