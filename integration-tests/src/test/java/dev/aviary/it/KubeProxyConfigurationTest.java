package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.KubeProxyConfigurationResource;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cluster's kube-proxies are started with, and what becomes of it when that changes. */
class KubeProxyConfigurationTest {
  private static final String KUBEADMS =
      """
      ---
      apiVersion: kubeproxy.config.k8s.io/v1alpha1
      kind: KubeProxyConfiguration
      bindAddress: 0.0.0.0
      clusterCIDR: 10.244.0.0/16,fd00:10:244::/48
      conntrack: {maxPerCore: null, min: null, tcpCloseWaitTimeout: null}
      iptables: {masqueradeAll: %s, masqueradeBit: %d, minSyncPeriod: 0s, syncPeriod: 0s}
      mode: ""
      nodePortAddresses: null
      """;

  private static final String FROM_OUTSIDE =
      "! -s 10.244.0.0/16 -d 10.1.118.185/32 -p tcp -m comment --comment"
          + " \"test/pod2-service cluster IP\" -m tcp --dport 80 -j KUBE-MARK-MASQ";

  private static Cluster start(String more) throws Exception {
    var demo = Clusters.text("/dev/aviary/emulator/demo/cluster.yaml");
    return Clusters.start(demo + "\n" + more, ClusterOptions.inVirtualTime());
  }

  /** kube-proxy's rules and marks, without counters. */
  private static List<String> rules(Cluster cluster) {
    return Clusters.exec(cluster, "master", "iptables-save")
        .lines()
        .filter(line -> line.startsWith("-A"))
        .sorted()
        .toList();
  }

  private static ResourceEdits.Outcome with(Resources before, List<Resource> configuration) {
    var all = new ArrayList<>(before.all());
    all.removeIf(KubeProxyConfigurationResource.class::isInstance);
    all.addAll(configuration);
    return new ResourceEdits.Outcome(new Resources(all), 1, List.of());
  }

  private static List<Resource> read(String yaml) {
    return ResourceLoader.parse(List.of(new Document("proxy.yaml", yaml))).get().resources().all();
  }

  @Test
  void whatKubeadmWritesIsFollowed() throws Exception {
    try (var cluster = start(KUBEADMS.formatted(false, 14))) {
      assertThat(Clusters.exec(cluster, "master", "iptables-save"))
          .contains(FROM_OUTSIDE)
          .contains("--set-xmark 0x4000/0x4000");
    }
    try (var cluster = start("")) {
      assertThat(Clusters.exec(cluster, "master", "iptables-save"))
          .doesNotContain("! -s 10.244.0.0/16");
    }
  }

  @Test
  void aChangeLeavesWhatAFreshNodeWouldHave() throws Exception {
    try (var cluster = start(KUBEADMS.formatted(true, 20))) {
      assertThat(rules(cluster))
          .anyMatch(line -> line.contains("--set-xmark 0x100000/0x100000"))
          .noneMatch(line -> line.contains(FROM_OUTSIDE));
      cluster.edit(before -> with(before, read(KUBEADMS.formatted(false, 14))));
      try (var fresh = start(KUBEADMS.formatted(false, 14))) {
        assertThat(rules(cluster)).isEqualTo(rules(fresh));
      }
      cluster.edit(before -> with(before, List.of()));
      try (var fresh = start("")) {
        assertThat(rules(cluster)).isEqualTo(rules(fresh));
      }
    }
  }

  @Test
  void whatIsNotEmulatedIsRefused() {
    var read =
        ResourceLoader.parse(
            List.of(
                new Document(
                    "proxy.yaml",
                    """
                    apiVersion: kubeproxy.config.k8s.io/v1alpha1
                    kind: KubeProxyConfiguration
                    mode: ipvs
                    clusterCIDR: everywhere
                    iptables: {masqueradeBit: 40}
                    """)));
    assertThat(read.getError().map(Object::toString))
        .containsExactlyInAnyOrder(
            "proxy.yaml:3: mode: only iptables is emulated, is 'ipvs'",
            "proxy.yaml:4: clusterCIDR: 'everywhere' is no network",
            "proxy.yaml:5: iptables.masqueradeBit: must be 0 to 31, is '40'");
  }
}
