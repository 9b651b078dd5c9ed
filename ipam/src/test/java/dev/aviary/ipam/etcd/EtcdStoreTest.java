package dev.aviary.ipam.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.ipam.AssignRequest;
import dev.aviary.ipam.Block;
import dev.aviary.ipam.Handle;
import dev.aviary.ipam.InterruptedStore;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamConfig;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamKey;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.Laws;
import dev.aviary.ipam.OneNode;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EtcdStoreTest {
  private static final Prefix CIDR = Prefix.of("10.244.0.0/26");
  private EtcdServer server;
  private EtcdClient client;
  private EtcdIpamStore store;

  @BeforeAll
  void start() throws Exception {
    server = EtcdServer.start();
    client = server.client(Duration.ofSeconds(10));
    store =
        new EtcdIpamStore(client, EtcdServer.patience(Duration.ofSeconds(10)), IpamVariant.V3_22);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      client.close();
      server.close();
    }
  }

  @BeforeEach
  void empty() throws Exception {
    for (var entry : client.list("/calico/")) {
      client.remove(entry.key());
    }
  }

  private Ipam ipam(IpamStore on) {
    return new Ipam(on, new OneNode("node1", "10.244.0.0/24"), () -> 1_000_000_000L);
  }

  private static AssignRequest request() {
    return AssignRequest.workload("node1", "h1", Map.of("node", "node1"));
  }

  @Test
  void writesCalicosKeysAndValues() throws Exception {
    assertThat(ipam(store).autoAssign(request()).error()).isNull();
    assertThat(client.list("/calico/").stream().map(EtcdClient.KeyValue::key))
        .containsExactly(
            "/calico/ipam/v2/assignment/ipv4/block/10.244.0.128-26",
            "/calico/ipam/v2/handle/h1",
            "/calico/ipam/v2/host/node1/ipv4/block/10.244.0.128-26");
    var affinity = client.get("/calico/ipam/v2/host/node1/ipv4/block/10.244.0.128-26");
    assertThat(affinity).isNotNull();
    assertThat(affinity.value()).isEqualTo("{\"state\":\"confirmed\",\"deleted\":false}");
  }

  /** Calico needs ten: three lists and reads of these are resources, which come from elsewhere. */
  @Test
  void anAssignmentFromAnOwnBlockTakesSevenCalls() throws Exception {
    var ipam = ipam(store);
    ipam.autoAssign(request());
    long before = client.calls();
    ipam.autoAssign(AssignRequest.workload("node1", "h2", Map.of()));
    assertThat(client.calls() - before).isEqualTo(7);
    before = client.calls();
    ipam.releaseByHandle("h2");
    assertThat(client.calls() - before).isEqualTo(5);
  }

  @Test
  void membersOfALaterVersionSurviveAnUpdate() throws Exception {
    client.put(
        "/calico/ipam/v2/handle/h1",
        "{\"future\":{\"a\":[1,2]},\"block\":{\"10.244.0.0/26\":1},\"deleted\":false}",
        false);
    var handle = store.get(new IpamKey.HandleKey("h1"), Handle.class);
    store.update(handle.key(), handle.value(), handle.revision());
    var now = client.get("/calico/ipam/v2/handle/h1");
    assertThat(now).isNotNull();
    assertThat(now.value())
        .isEqualTo("{\"block\":{\"10.244.0.0/26\":1},\"deleted\":false,\"future\":{\"a\":[1,2]}}");
  }

  @Test
  void badValuesAreReportedWithTheirKeyAndLeftAlone() throws Exception {
    var key = "/calico/ipam/v2/assignment/ipv4/block/10.244.0.0-26";
    for (var bad :
        new String[] {
          "no json",
          "[]",
          "{\"cidr\":\"10.244.0.0/27\",\"affinity\":null,\"allocations\":[],\"unallocated\":[],"
              + "\"attributes\":[],\"deleted\":false}",
          "{\"cidr\":\"10.244.0.0/26\",\"affinity\":null,\"allocations\":[0],\"unallocated\":[],"
              + "\"attributes\":[],\"deleted\":false}",
          "{\"cidr\":\"10.244.0.0/26\",\"affinity\":7,\"allocations\":[],\"unallocated\":[]}"
        }) {
      client.put(key, bad, false);
      assertThatThrownBy(() -> store.find(new IpamKey.BlockKey(CIDR), Block.class))
          .hasMessageStartingWith(key + ": ");
      assertThat(store.list("/calico/ipam/v2/assignment/", Block.class)).isEmpty();
      assertThatThrownBy(() -> ipam(store).claimAffinity(CIDR, "node1").orThrow())
          .hasMessageStartingWith(key + ": ");
      var now = client.get(key);
      assertThat(now).isNotNull();
      assertThat(now.value()).isEqualTo(bad);
    }
  }

  @Test
  void watchesTellOfEveryChangeInOrder() throws Exception {
    var changes = new LinkedBlockingQueue<String>();
    try (var _ =
        store.watch(
            IpamKey.HANDLES, change -> changes.add(change.path() + " " + change.deleted()))) {
      client.put("/calico/ipam/v2/handle/a", "{}", false);
      client.put("/calico/ipam/v2/config", "{}", false);
      client.remove("/calico/ipam/v2/handle/a");
      assertThat(changes.poll(20, TimeUnit.SECONDS)).isEqualTo("/calico/ipam/v2/handle/a false");
      assertThat(changes.poll(20, TimeUnit.SECONDS)).isEqualTo("/calico/ipam/v2/handle/a true");
      assertThat(changes).isEmpty();
    }
  }

  /** Time that passes only while somebody waits, and what was waited. */
  private static final class Waits {
    final List<Duration> pauses = new ArrayList<>();
    private Duration passed = Duration.ZERO;

    Patience patience(Duration timeout) {
      return new Patience(
          timeout,
          () -> passed.toNanos(),
          pause -> {
            pauses.add(pause);
            passed = passed.plus(pause);
          });
    }
  }

  @Test
  void withoutEtcdACallFailsClearlyWithinItsTime() throws Exception {
    var waits = new Waits();
    var patience = waits.patience(Duration.ofSeconds(2));
    try (var other = EtcdServer.start();
        var gone = new EtcdClient(other.endpoints(), patience)) {
      other.kill();
      var error =
          ipam(new EtcdIpamStore(gone, patience, IpamVariant.V3_22)).autoAssign(request()).error();
      assertThat(error).isInstanceOf(IpamError.Unavailable.class);
      assertThat(error.message())
          .isEqualTo(
              "etcd at %s did not serve /calico/ipam/v2/config within 2000 ms: cannot connect"
                  .formatted(other.endpoints().getFirst().getAuthority()));
    }
    // The next pause, of a second, would end after the two seconds that it had.
    assertThat(waits.pauses.stream().map(Duration::toMillis))
        .containsExactly(20L, 40L, 80L, 160L, 320L, 640L);
  }

  @Test
  void anEtcdThatGoesBeforeAnyWriteLeavesNothingHalfWritten() throws Exception {
    boolean finished = false;
    for (int nth = 1; !finished; nth++) {
      var writes = new AtomicInteger(nth);
      var patience = new Waits().patience(Duration.ofSeconds(2));
      try (var other = EtcdServer.start();
          var client = new EtcdClient(other.endpoints(), patience)) {
        var mortal =
            new InterruptedStore(
                new EtcdIpamStore(client, patience, IpamVariant.V3_22),
                () -> {
                  if (writes.decrementAndGet() == 0) {
                    other.kill();
                  }
                });
        var error = ipam(mortal).autoAssign(request()).error();
        finished = writes.get() > 0;
        if (finished) {
          assertThat(error).isNull();
          assertThat(nth).as("affinity twice, block, affinity, handle, block").isEqualTo(7);
        } else {
          assertThat(error).isInstanceOf(IpamError.Unavailable.class);
          other.restart();
        }
        var real = EtcdServer.patience(Duration.ofSeconds(20));
        try (var again = other.client(Duration.ofSeconds(20))) {
          var after = new EtcdIpamStore(again, real, IpamVariant.V3_22);
          Laws.check(after);
          var address = AssignRequest.workload("node1", "h2", Map.of());
          assertThat(ipam(after).autoAssign(address).error()).isNull();
          Laws.check(after);
        }
      }
    }
  }

  @Test
  void aCallWaitsForAnEtcdThatComesBack() throws Exception {
    try (var other = EtcdServer.start();
        var patient = other.client(Duration.ofSeconds(60))) {
      patient.put("/calico/ipam/v2/config", "{}", false);
      other.kill();
      var answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new EtcdIpamStore(
                          patient, EtcdServer.patience(Duration.ofSeconds(60)), IpamVariant.V3_22)
                      .get(new IpamKey.ConfigKey(), IpamConfig.class)
                      .value();
                } catch (IpamException e) {
                  throw new AssertionError(e);
                }
              });
      other.restart();
      assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(new IpamConfig(false, false, 0));
    }
  }

  @Test
  void endpointsHaveOneForm() {
    assertThat(EtcdClient.parse("etcd://127.0.0.1:2379,[::1]:2379"))
        .hasValueSatisfying(all -> assertThat(all).hasSize(2));
    assertThat(EtcdClient.parse("http://127.0.0.1:2379")).isEmpty();
    assertThat(EtcdClient.parse("etcd://host")).isEmpty();
  }
}
