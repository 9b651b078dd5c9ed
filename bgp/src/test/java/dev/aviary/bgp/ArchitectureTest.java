package dev.aviary.bgp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. */
class ArchitectureTest {
  private static final JavaClasses BGP =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.aviary.bgp");

  static Stream<Arguments> rooms() {
    return Stream.of(
        Arguments.of("dev.aviary.bgp.route", List.of()),
        Arguments.of("dev.aviary.bgp.message", List.of("dev.aviary.bgp.route", "io.netty.buffer")),
        Arguments.of(
            "dev.aviary.bgp.session", List.of("dev.aviary.bgp.message", "dev.aviary.bgp.route")),
        Arguments.of("dev.aviary.bgp.rib", List.of("dev.aviary.bgp.route")),
        Arguments.of("dev.aviary.bgp.policy", List.of("dev.aviary.bgp.route")),
        Arguments.of(
            "dev.aviary.bgp.transport",
            List.of("dev.aviary.bgp.session", "dev.aviary.bgp.message", "io.netty..")),
        Arguments.of("dev.aviary.bgp", List.of("dev.aviary.bgp..")));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void everyRoomKnowsOnlyItsOwn(String room, List<String> neighbors) {
    var allowed = new ArrayList<>(neighbors);
    allowed.addAll(List.of("java..", "dev.aviary.net", "org.jspecify..", "org.slf4j..", room));
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(BGP);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.aviary.bgp.(*)").should().beFreeOfCycles().check(BGP);
  }

  @Test
  void timeComesFromOutside() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(BGP);
  }

  @Test
  void nothingIsShared() {
    // Netty's scheduling takes a unit of time; that is all of it that is used.
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.aviary.bgp.transport")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent..")
        .check(BGP);
    noClasses().should().dependOnClassesThat().belongToAnyOf(java.util.Random.class).check(BGP);
  }

  @Test
  void namesSayWhatThingsAre() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .check(BGP);
  }
}
