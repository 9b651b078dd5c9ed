package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GarbageCollectorTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration GRACE = Duration.ofMinutes(15);

  private final TestCluster cluster = new TestCluster("n1", "n2").pool("10.0.0.0/24", 29);
  private final Set<String> nodes = new HashSet<>(Set.of("n1", "n2"));
  private final Map<String, GarbageCollector.View.Pod> pods = new HashMap<>();

  private final GarbageCollector.View view =
      new GarbageCollector.View() {
        @Override
        public boolean nodeExists(String node) {
          return nodes.contains(node);
        }

        @Override
        public Optional<Pod> pod(String namespace, String name) {
          return Optional.ofNullable(pods.get(namespace + "/" + name));
        }
      };

  private Ipam ipam(IpamVariant variant) {
    return new Ipam(new InMemoryIpamStore(), cluster, () -> 1_000_000_000L, variant);
  }

  private static IpAddress pod(Ipam ipam, String node, String name) {
    var answer =
        ipam.autoAssign(
            AssignRequest.workload(
                node, "net." + name, Map.of("node", node, "namespace", "default", "pod", name)));
    assertThat(answer.error()).isNull();
    var v4 = answer.v4();
    assertThat(v4).isNotNull();
    return v4.assigned().getFirst().address();
  }

  private void runs(String name, String node, IpAddress... addresses) {
    pods.put("default/" + name, new GarbageCollector.View.Pod(node, List.of(addresses)));
  }

  @ParameterizedTest
  @EnumSource(IpamVariant.class)
  void anAddressOfNoPodGoesAfterTheGracePeriod(IpamVariant variant) throws Exception {
    var ipam = ipam(variant);
    var kept = pod(ipam, "n1", "kept");
    pod(ipam, "n1", "gone");
    runs("kept", "n1", kept);
    var collector = new GarbageCollector(ipam, view, variant, GRACE);
    assertThat(collector.run(START).handles()).isEmpty();
    assertThat(collector.run(START.plus(GRACE).minusSeconds(1)).handles()).isEmpty();
    assertThat(collector.run(START.plus(GRACE)).handles()).containsExactly("net.gone");
    assertThat(ipam.ipsByHandle("net.kept")).containsExactly(kept);
  }

  @Test
  void aPodThatComesBackIsNoLongerSuspected() throws Exception {
    var ipam = ipam(IpamVariant.V3_22);
    var address = pod(ipam, "n1", "a");
    var collector = new GarbageCollector(ipam, view, IpamVariant.V3_22, GRACE);
    collector.run(START);
    runs("a", "n1", address);
    collector.run(START.plusSeconds(60));
    pods.clear();
    assertThat(collector.run(START.plus(GRACE)).handles()).isEmpty();
  }

  @Test
  void onAnotherNodeOrWithAnotherAddressItIsALeak() throws Exception {
    var ipam = ipam(IpamVariant.V3_22);
    var a = pod(ipam, "n1", "a");
    pod(ipam, "n1", "b");
    var c = pod(ipam, "n1", "c");
    runs("a", "n2", a);
    runs("b", "n1", IpAddress.of("10.0.0.99"));
    runs("c", "n1");
    var collector = new GarbageCollector(ipam, view, IpamVariant.V3_22, GRACE);
    collector.run(START);
    assertThat(collector.run(START.plus(GRACE)).handles())
        .containsExactlyInAnyOrder("net.a", "net.b");
    assertThat(ipam.ipsByHandle("net.c")).containsExactly(c);
  }

  @Test
  void aNodeThatIsGoneLeavesNothing() throws Exception {
    var ipam = ipam(IpamVariant.V3_22);
    pod(ipam, "n2", "a");
    new TunnelAddresses(ipam)
        .ensure(
            TunnelAddresses.Kind.IPIP, "n2", Optional.empty(), List.of(Prefix.of("10.0.0.0/24")));
    nodes.remove("n2");
    var collected = new GarbageCollector(ipam, view, IpamVariant.V3_22, GRACE).run(START);
    assertThat(collected.handles())
        .containsExactlyInAnyOrder("net.a", TunnelAddresses.Kind.IPIP.handle("n2"));
    assertThat(collected.nodes()).containsExactly("n2");
    assertThat(ipam.blocks()).isEmpty();
  }

  @Test
  void anAddressOfAnUnknownKindKeepsItsNode() throws Exception {
    var ipam = ipam(IpamVariant.V3_22);
    ipam.assignIp(IpAddress.of("10.0.0.1"), "n2", "mine", Map.of("node", "n2"), null);
    nodes.remove("n2");
    var collected = new GarbageCollector(ipam, view, IpamVariant.V3_22, GRACE).run(START);
    assertThat(collected.handles()).isEmpty();
    assertThat(collected.nodes()).isEmpty();
    assertThat(ipam.blocks()).hasSize(1);
  }

  @Test
  void anEmptyBlockGoesIfTheOthersHaveRoom() throws Exception {
    var ipam = ipam(IpamVariant.V3_22);
    ipam.claimAffinity(Prefix.of("10.0.0.0/28"), "n1");
    var collector = new GarbageCollector(ipam, view, IpamVariant.V3_22, GRACE);
    assertThat(collector.run(START).blocks()).hasSize(1);
    assertThat(collector.run(START).blocks()).as("the last one stays").isEmpty();
  }

  @Test
  void onNewerVersionsItMustBeEmptyTwice() throws Exception {
    var ipam = ipam(IpamVariant.MASTER);
    ipam.claimAffinity(Prefix.of("10.0.0.0/29"), "n1");
    var collector = new GarbageCollector(ipam, view, IpamVariant.MASTER, GRACE);
    assertThat(collector.run(START).blocks()).isEmpty();
    assertThat(collector.run(START.plus(GRACE)).blocks()).containsExactly(Prefix.of("10.0.0.0/29"));
  }

  @Test
  void withoutGracePeriodOnlyWhatNodesThatAreGoneHaveLeftIsCollected() throws Exception {
    var ipam = ipam(IpamVariant.V3_22);
    pod(ipam, "n1", "a");
    var collector = new GarbageCollector(ipam, view, IpamVariant.V3_22, Duration.ZERO);
    assertThat(collector.run(START).handles()).isEmpty();
    assertThat(collector.run(START.plus(Duration.ofDays(1))).handles()).isEmpty();
    // That a node is gone needs no second look, and so no period.
    nodes.remove("n1");
    assertThat(collector.run(START.plus(Duration.ofDays(1))).handles()).hasSize(1);
  }
}
