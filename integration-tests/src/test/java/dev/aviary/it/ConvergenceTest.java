package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvergenceTest {
  private static ClusterOptions options(boolean virtual) {
    return virtual ? ClusterOptions.inVirtualTime() : ClusterOptions.onFreePorts();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachNodeHasTheOthersBlockAndItsOwnAsABlackhole(boolean virtual) throws Exception {
    try (var cluster = Clusters.demo(options(virtual))) {
      cluster.awaitConverged();
      assertThat(Clusters.exec(cluster, "master", "ip route"))
          .contains("10.244.166.128/26 via 192.168.43.153 dev ens33 proto bird \n")
          .contains("blackhole 10.244.219.64/26 proto bird \n")
          .contains("10.244.219.75 dev cali17fddc925b9 scope link \n");
      assertThat(Clusters.exec(cluster, "node1", "ip route"))
          .contains("10.244.219.64/26 via 192.168.43.152 dev ens33 proto bird \n")
          .contains("blackhole 10.244.166.128/26 proto bird \n");
      assertThat(cluster.nodeStatus("master").ipv4())
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.address()).isEqualTo("192.168.43.153");
                assertThat(row.type()).isEqualTo("node-to-node mesh");
                assertThat(row.state()).isEqualTo("up");
                assertThat(row.info()).isEqualTo("Established");
              });
    }
  }

  @Test
  void socketsAndVirtualTimeEndInTheSameTables() throws Exception {
    Map<String, String> real;
    try (var cluster = Clusters.seed(options(false))) {
      cluster.awaitConverged();
      real = tables(cluster);
    }
    try (var cluster = Clusters.seed(options(true))) {
      cluster.awaitConverged();
      assertThat(tables(cluster)).isEqualTo(real);
    }
  }

  private static Map<String, String> tables(Cluster cluster) {
    var tables = new TreeMap<String, String>();
    for (var node : cluster.nodeNames()) {
      tables.put(node + " kernel", Clusters.exec(cluster, node, "ip route"));
      tables.put(
          node + " bgp",
          cluster.speakerView(node).routes(AfiSafi.IPV4_UNICAST).stream()
              .map(r -> r.route().prefix() + " " + r.route().attributes())
              .toList()
              .toString());
    }
    return tables;
  }
}
