package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.cluster.PodStatus;
import dev.aviary.emulator.cluster.TraceRequest;
import dev.aviary.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two nodes whose pool goes through a tunnel. */
class TunnelClusterTest {
  private static String cluster(String mode) {
    var never = mode.substring(0, mode.indexOf(':')) + ": Never";
    return Clusters.text("/dev/aviary/emulator/demo/cluster.yaml").replace(never, mode);
  }

  private static TraceRequest request(String from, String to, int port) {
    return new TraceRequest(
        from, to, Optional.of(port), TraceRequest.Proto.tcp, Optional.empty(), 64);
  }

  @Test
  void ipipAlwaysGoesByTunl0() throws Exception {
    try (var cluster =
        Clusters.start(cluster("ipipMode: Always"), ClusterOptions.inVirtualTime())) {
      cluster.awaitConverged();
      assertThat(Clusters.exec(cluster, "master", "ip route"))
          .contains("10.244.166.128/26 via 192.168.43.153 dev tunl0 proto bird onlink \n")
          .contains("blackhole 10.244.219.64/26 proto bird \n");
      assertThat(Clusters.exec(cluster, "master", "iptables-save -t nat"))
          .contains("-A cali-nat-outgoing")
          .contains("-o tunl0");
      var report = cluster.trace(request("pod1", "pod2", 80)).report().orElseThrow();
      assertThat(report.delivered()).as(report.text()).isTrue();
      assertThat(report.text()).contains("tunl0 puts it into 4 192.168.43.152>192.168.43.153");
      report = cluster.trace(request("client", "master", 30000)).report().orElseThrow();
      assertThat(report.delivered()).as(report.text()).isTrue();
    }
  }

  @Test
  void aTunnelHasTheFirstAddressOfItsNodesFirstBlock() throws Exception {
    var unplaced =
        cluster("ipipMode: Always")
            .replaceAll("(?m)^.*(podIP:|cni.projectcalico.org/ipAddrs).*$", "");
    try (var cluster = Clusters.start(unplaced, ClusterOptions.inVirtualTime())) {
      assertThat(cluster.tunnelAddresses())
          .containsEntry("master", List.of(IpAddress.of("10.244.219.64")))
          .containsEntry("node1", List.of(IpAddress.of("10.244.166.128")));
      assertThat(cluster.workloadPods())
          .flatExtracting(PodStatus::addresses)
          .containsExactlyInAnyOrder(IpAddress.of("10.244.219.65"), IpAddress.of("10.244.166.129"));
    }
  }

  @Test
  void aTunnelKeepsTheAddressThatItsNodesResourceRecords() throws Exception {
    var recorded =
        cluster("ipipMode: Always")
            .replace(
                "ipv4Address: 192.168.43.152/24",
                "ipv4Address: 192.168.43.152/24, ipv4IPIPTunnelAddr: 10.244.219.70");
    try (var cluster = Clusters.start(recorded, ClusterOptions.inVirtualTime())) {
      assertThat(cluster.tunnelAddresses())
          .containsEntry("master", List.of(IpAddress.of("10.244.219.70")))
          .containsEntry("node1", List.of(IpAddress.of("10.244.166.128")));
    }
  }

  @Test
  void ipipCrossSubnetStaysPlainWithinTheSubnet() throws Exception {
    try (var cluster =
        Clusters.start(cluster("ipipMode: CrossSubnet"), ClusterOptions.inVirtualTime())) {
      cluster.awaitConverged();
      assertThat(Clusters.exec(cluster, "master", "ip route"))
          .contains("10.244.166.128/26 via 192.168.43.153 dev ens33 proto bird \n");
      assertThat(cluster.trace(request("pod1", "pod2", 80)).report().orElseThrow().delivered())
          .isTrue();
    }
  }

  @Test
  void vxlanRoutesAreFelixs() throws Exception {
    try (var cluster =
        Clusters.start(cluster("vxlanMode: Always"), ClusterOptions.inVirtualTime())) {
      cluster.awaitConverged();
      assertThat(Clusters.exec(cluster, "master", "ip route"))
          .contains("dev vxlan.calico onlink \n")
          .contains("blackhole 10.244.219.64/26 proto 80 \n")
          .doesNotContain("proto bird");
      var report = cluster.trace(request("pod1", "pod2", 80)).report().orElseThrow();
      assertThat(report.delivered()).as(report.text()).isTrue();
      assertThat(report.text()).contains("vxlan.calico puts it into udp 192.168.43.152:");
    }
  }
}
