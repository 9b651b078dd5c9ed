package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FelixNamesVectorsTest {
  @TestFactory
  Stream<DynamicTest> everyNameOfTheDumpsComesOut() {
    return Vectors.text("felix-names.tsv")
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split("\t", -1))
        .map(
            cells ->
                dynamicTest(
                    cells[0] + " " + cells[1],
                    () -> assertThat(name(cells[0], cells[1])).isEqualTo(cells[2])));
  }

  private static String name(String kind, String input) {
    return switch (kind) {
      case "veth" -> {
        int slash = input.indexOf('/');
        yield CalicoNames.interfaceName(
            "cali", input.substring(0, slash), input.substring(slash + 1));
      }
      case "policy-in" -> CalicoNames.policyChain(Direction.INGRESS, input);
      case "policy-out" -> CalicoNames.policyChain(Direction.EGRESS, input);
      case "profile-in" -> CalicoNames.profileChain(Direction.INGRESS, input);
      case "profile-out" -> CalicoNames.profileChain(Direction.EGRESS, input);
      case "selector-ipset" ->
          CalicoNames.setName(IpFamily.IPV4, new RuleSet.Selected(Selector.of(input)).id());
      default -> throw new IllegalArgumentException("a name of kind " + kind);
    };
  }
}
