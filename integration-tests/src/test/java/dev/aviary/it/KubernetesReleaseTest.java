package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.cluster.TraceRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose kubelet and kube-proxy a cluster's nodes have. */
class KubernetesReleaseTest {
  /** Since 1.24 what comes from outside has a chain of its own; 1.28 marks nothing for dropping. */
  @ParameterizedTest
  @CsvSource({
    "1.21, false, true",
    "1.23, false, true",
    "1.24, true, true",
    "1.26, true, true",
    "v1.28, true, false"
  })
  void theNodesHaveTheFormOfTheRelease(String version, boolean external, boolean markDrop)
      throws Exception {
    var options = ClusterOptions.inVirtualTime().withKubernetes(version);
    try (var cluster = Clusters.demo(options)) {
      cluster.awaitConverged();
      var saved = Clusters.exec(cluster, "master", "iptables-save");
      assertThat(saved.contains(":KUBE-EXT-")).as(saved).isEqualTo(external);
      assertThat(saved.contains(":KUBE-MARK-DROP")).as(saved).isEqualTo(markDrop);
      var request =
          new TraceRequest(
              "pod1",
              "pod2-service",
              Optional.of(80),
              TraceRequest.Proto.tcp,
              Optional.empty(),
              64);
      var report = cluster.trace(request).report().orElseThrow();
      assertThat(report.delivered()).as(report.text()).isTrue();
    }
  }

  @Test
  void aReleaseThatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> ClusterOptions.inVirtualTime().withKubernetes("1.40"))
        .hasMessage("--kubernetes: kube-proxy 1.40 is not in 1.18 to 1.29");
    assertThatThrownBy(() -> ClusterOptions.inVirtualTime().withKubernetes("new"))
        .hasMessage("--kubernetes: not a version of kube-proxy: 'new'");
  }
}
