package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class IpamTest {
  private final TestCluster cluster =
      new TestCluster("master", "node1", "node2").pool("10.244.0.0/16", 26);
  private final Ipam ipam = new Ipam(new InMemoryIpamStore(), cluster, () -> 1);

  private static AssignRequest request(String host, int count) {
    return new AssignRequest(
        host,
        count,
        0,
        "h-" + host,
        Map.of(),
        List.of(),
        List.of(),
        0,
        null,
        null,
        IntendedUse.WORKLOAD,
        false);
  }

  private List<String> assign(Ipam from, String host, int count) {
    var v4 = from.autoAssign(request(host, count)).v4();
    assertThat(v4).isNotNull();
    return v4.assigned().stream().map(a -> a.address() + "/" + a.length()).toList();
  }

  @Test
  void aHostStartsAtTheBlockThatItsNameDecides() {
    assertThat(assign(ipam, "node1", 2)).containsExactly("10.244.166.128/26", "10.244.166.129/26");
    assertThat(assign(ipam, "master", 1)).containsExactly("10.244.219.64/26");
    assertThat(assign(ipam, "node2", 1)).containsExactly("10.244.104.0/26");
  }

  @Test
  void aGivenAddressClaimsItsBlock() throws Exception {
    ipam.assignIp(IpAddress.of("10.244.219.75"), "master", "h", Map.of("pod", "pod1"), null);
    assertThat(ipam.confirmedBlocks("master")).containsExactly(Prefix.of("10.244.219.64/26"));
    assertThat(ipam.assignmentAttributes(IpAddress.of("10.244.219.75")).secondary())
        .containsEntry("pod", "pod1");
    assertThatExceptionOfType(IpamException.class)
        .isThrownBy(
            () -> ipam.assignIp(IpAddress.of("10.244.219.75"), "master", "i", Map.of(), null))
        .withMessage("resource already exists: 10.244.219.75");
    assertThatExceptionOfType(IpamException.class)
        .isThrownBy(() -> ipam.assignIp(IpAddress.of("10.9.0.1"), "master", "i", Map.of(), null))
        .withMessage("The provided IP address is not in a configured pool\n");
  }

  @Test
  void aReleasedAddressComesBackAfterAllOthers() throws Exception {
    var small = new TestCluster("a").pool("10.0.0.0/30", 30);
    var four = new Ipam(new InMemoryIpamStore(), small, () -> 1);
    assertThat(assign(four, "a", 2)).containsExactly("10.0.0.0/30", "10.0.0.1/30");
    assertThat(four.releaseIps(List.of(IpAddress.of("10.0.0.0"), IpAddress.of("10.0.0.3"))))
        .containsExactly(IpAddress.of("10.0.0.3"));
    assertThat(assign(four, "a", 3)).containsExactly("10.0.0.2/30", "10.0.0.3/30", "10.0.0.0/30");
  }

  @Test
  void aHostBorrowsWhereAllBlocksAreTaken() throws Exception {
    var tight = new TestCluster("a", "b").pool("10.0.0.0/30", 30);
    var one = new Ipam(new InMemoryIpamStore(), tight, () -> 1);
    assign(one, "a", 1);
    assertThat(assign(one, "b", 4)).hasSize(3);
    one.setConfig(new IpamConfig(true, true, 0));
    var strict = one.autoAssign(request("b", 1)).v4();
    assertThat(strict).isNotNull();
    assertThat(strict.shortage())
        .isEqualTo(
            "Assigned 0 out of 1 requested IPv4 addresses; No more free affine blocks and strict"
                + " affinity enabled");
  }

  @Test
  void releasingAHandleFreesAllItHas() throws Exception {
    assign(ipam, "node1", 70);
    assertThat(ipam.ipsByHandle("h-node1")).hasSize(70);
    ipam.releaseByHandle("h-node1");
    assertThat(ipam.blocks()).allSatisfy(block -> assertThat(block.isEmpty()).isTrue());
    // Calico counted the 70 that were wanted on the first block, which had 64: the handle stays.
    assertThat(ipam.ipsByHandle("h-node1")).isEmpty();
    ipam.releaseHostAffinities("node1", true);
    assertThat(ipam.blocks()).isEmpty();
  }

  @Test
  void anEmptyBlockGoesWhenItsPoolNoLongerSelectsTheHost() throws Exception {
    assign(ipam, "node1", 1);
    var pool = cluster.pools.getFirst();
    cluster.pools.set(
        0, new IpPool(pool.name(), pool.cidr(), 26, false, "rack == 1", pool.allowedUses()));
    ipam.releaseByHandle("h-node1");
    assertThat(ipam.blocks()).isEmpty();
    assertThat(ipam.autoAssign(request("node1", 1)).error())
        .isEqualTo(new IpamError.Other("no configured Calico pools for node node1"));
  }

  @Test
  void noAddressIsGivenTwiceWhoeverAsksAtOnce() throws Exception {
    var shared = new TestCluster("a", "b", "c", "d").pool("10.0.0.0/24", 28);
    var store = new InMemoryIpamStore();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var asks =
          java.util.stream.Stream.of("a", "b", "c", "d")
              .map(
                  host ->
                      (Callable<List<String>>)
                          () -> {
                            var own = new Ipam(store, shared, () -> 1);
                            var got = new java.util.ArrayList<String>();
                            for (int i = 0; i < 64; i++) {
                              got.addAll(assign(own, host, 1));
                            }
                            return got;
                          })
              .toList();
      var all = new HashSet<String>();
      int count = 0;
      for (var answer : threads.invokeAll(asks)) {
        all.addAll(answer.get());
        count += answer.get().size();
      }
      assertThat(count).isEqualTo(256);
      assertThat(all).hasSize(256);
    }
  }

  @Test
  void utilizationCountsPerPoolAndBlock() throws Exception {
    assign(ipam, "node1", 5);
    var rows = ipam.utilization(List.of());
    assertThat(rows.getFirst().inUse()).isEqualTo(5);
    assertThat(rows.getFirst().blocks())
        .containsExactly(new Utilization.OfBlock(Prefix.of("10.244.166.128/26"), 64, 59, 0, 59));
    assertThat(rows.getLast().name()).isEqualTo(Ipam.ORPHANS);
  }
}
