package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.felix.SeedCluster;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SeedClusterVectorsTest {
  @TestFactory
  Stream<DynamicTest> bothNodesHaveTheChainsOfTheirText() {
    var scenario =
        new JsonMapper().readTree(Vectors.path("kernel-golden/seed/scenario.json").toFile());
    return StreamSupport.stream(scenario.get("nodes").spliterator(), false)
        .map(node -> dynamicTest(node.get("name").asString(), () -> check(node)));
  }

  private static void check(JsonNode node) {
    var inputs = SeedCluster.inputs(node.get("name").asString());
    var intent = asTheScenarioNamesSets(new PolicyCalculator().intent(inputs, HostState.unknown()));
    var state = DesiredState.of(SeedCluster.config(), IpFamily.IPV4, intent, HostState.unknown());
    var expected = new IptablesText(node.get("iptables").asString());
    for (var table : state.tables()) {
      assertThat(IptablesText.of(table))
          .as(table.table().label())
          .isEqualTo(expected.calico(table.table().label()));
    }
    var routes = state.routes().stream().map(SeedClusterVectorsTest::text).toList();
    assertThat(routes).containsExactlyInAnyOrderElementsOf(workloadRoutes(node));
  }

  /** The scenario's author called the one set of a selector by hand. */
  private static Intent asTheScenarioNamesSets(Intent intent) {
    return new Intent(
        intent.hostname(),
        intent.hosts(),
        intent.pools(),
        intent.blocks(),
        intent.workloads(),
        intent.hostEndpoints(),
        intent.policies().stream()
            .map(
                p ->
                    new ActivePolicy(
                        p.name(),
                        p.ingress().stream().map(SeedClusterVectorsTest::renamed).toList(),
                        p.egress()))
            .toList(),
        intent.profiles(),
        intent.ipSets(),
        intent.serviceCidrs());
  }

  private static ActiveRule renamed(ActiveRule rule) {
    var from = rule.source();
    var source =
        new ActiveRule.Side(
            from.nets(),
            from.notNets(),
            from.ports(),
            from.notPorts(),
            from.sets().stream().map(_ -> "s:web-clients").toList(),
            from.notSets(),
            from.portSets(),
            from.notPortSets(),
            from.serviceSets());
    return new ActiveRule(
        rule.action(),
        rule.family(),
        rule.protocol(),
        rule.notProtocol(),
        source,
        rule.destination(),
        rule.icmp(),
        rule.notIcmp(),
        rule.annotations());
  }

  private static String text(Route route) {
    return switch (route) {
      case Route.ToWorkload(var net, var device, _, _) ->
          net.address() + " dev " + device + " scope link";
      case Route.ThroughVxlan _, Route.ToHost _, Route.Blackhole _ -> route.toString();
    };
  }

  private static List<String> workloadRoutes(JsonNode node) {
    return StreamSupport.stream(node.get("routes").spliterator(), false)
        .map(JsonNode::asString)
        .filter(route -> route.contains(" dev cali"))
        .toList();
  }
}
