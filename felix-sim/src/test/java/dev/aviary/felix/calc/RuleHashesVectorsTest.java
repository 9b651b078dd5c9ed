package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.net.Vectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class RuleHashesVectorsTest {
  private record Row(String chain, String hash, String rule) {}

  @TestFactory
  Stream<DynamicTest> everyChainOfTheDumpsHasItsHashes() {
    var instances = new LinkedHashMap<String, List<Row>>();
    Vectors.text("felix-rule-hashes.tsv")
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split("\t", -1))
        .forEach(
            cells ->
                instances
                    .computeIfAbsent(cells[0], _ -> new ArrayList<>())
                    .add(new Row(cells[2], cells[4], cells[6])));
    return instances.entrySet().stream()
        .map(
            instance ->
                dynamicTest(
                    instance.getKey() + " " + instance.getValue().getFirst().chain(),
                    () -> check(instance.getValue())));
  }

  private static void check(List<Row> rows) {
    assertThat(RuleHashes.of(rows.getFirst().chain(), rows.stream().map(Row::rule).toList()))
        .isEqualTo(rows.stream().map(Row::hash).toList());
  }
}
