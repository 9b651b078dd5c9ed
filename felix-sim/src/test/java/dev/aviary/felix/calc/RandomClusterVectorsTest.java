package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RandomClusterVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  Stream<DynamicTest> everyNodeOfEveryClusterHasTheChainsOfItsText() {
    return Vectors.list("kernel-golden/random", "*.scenario.json").stream()
        .flatMap(RandomClusterVectorsTest::nodes);
  }

  private static Stream<DynamicTest> nodes(Path file) {
    var scenario = JSON.readTree(file.toFile());
    return StreamSupport.stream(scenario.get("nodes").spliterator(), false)
        .map(
            node ->
                dynamicTest(
                    scenario.get("name").asString() + " " + node.get("name").asString(),
                    () -> check(scenario.get("model"), node)));
  }

  private static void check(JsonNode model, JsonNode node) {
    var intent = ModelIntent.intent(model, node.get("name").asString());
    var state =
        DesiredState.of(ModelIntent.config(model), IpFamily.IPV4, intent, HostState.unknown());
    var expected = new IptablesText(node.get("iptables").asString());
    for (var table : state.tables()) {
      assertThat(IptablesText.of(table))
          .as(table.table().label())
          .isEqualTo(expected.calico(table.table().label()));
    }
    assertThat(sets(state)).isEqualTo(sets(node.get("ipset").asString()));
  }

  private static Map<String, SortedSet<String>> sets(DesiredState state) {
    var sets = new TreeMap<String, SortedSet<String>>();
    for (var set : state.ipSets()) {
      sets.put(set.name(), set.members());
    }
    return sets;
  }

  /** All but the host's own addresses, which the model doesn't have. */
  private static Map<String, SortedSet<String>> sets(String text) {
    var sets = new TreeMap<String, SortedSet<String>>();
    text.lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> !words[1].equals("cali40this-host"))
        .forEach(
            words -> {
              var members = sets.computeIfAbsent(words[1], _ -> new TreeSet<>());
              if (words[0].equals("add")) {
                members.add(words[2]);
              }
            });
    return sets;
  }
}
