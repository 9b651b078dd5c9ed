package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A million operations from many threads on one store. */
class ConcurrentIpamTest {
  private static final int THREADS = 8;
  private static final int OPERATIONS_OF_EACH = 125_000;
  private static final int HELD = 12;

  @Test
  void noAddressIsGivenTwiceInAMillionConcurrentOperations() throws Exception {
    var hosts = new String[20];
    for (int i = 0; i < hosts.length; i++) {
      hosts[i] = "host" + i;
    }
    var cluster = new TestCluster(hosts).pool("10.0.0.0/23", 28);
    var store = new InMemoryIpamStore();
    var holders = new ConcurrentHashMap<IpAddress, Integer>();
    var refused = new AtomicInteger();
    try (var executor = Executors.newFixedThreadPool(THREADS)) {
      var tasks = new ArrayList<Callable<Boolean>>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        tasks.add(() -> work(number, hosts, cluster, store, holders, refused));
      }
      for (var done : executor.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }
    Laws.check(store);
    assertThat(holders).as("everybody gave back what they had").isEmpty();
    for (var block : store.list(IpamKey.ALL_BLOCKS, Block.class)) {
      assertThat(block.value().isEmpty()).isTrue();
    }
    // A caller that loses a hundred races in a row is refused; that is rare.
    assertThat(refused.get()).isLessThan(THREADS * OPERATIONS_OF_EACH / 1000);
  }

  private static boolean work(
      int thread,
      String[] hosts,
      TestCluster cluster,
      IpamStore store,
      Map<IpAddress, Integer> holders,
      AtomicInteger refused)
      throws IpamException {
    var ipam = new Ipam(store, cluster, () -> 1);
    var held = new ArrayDeque<String>();
    for (int i = 0; i < OPERATIONS_OF_EACH; i++) {
      if (held.size() == HELD || (i % 3 == 2 && !held.isEmpty())) {
        release(ipam, held.removeFirst(), holders);
        continue;
      }
      var handle = "t" + thread + "-" + i;
      var host = hosts[(thread * 7 + i) % hosts.length];
      var answer = ipam.autoAssign(AssignRequest.workload(host, handle, Map.of()));
      var v4 = answer.v4();
      if (answer.error() != null || v4 == null || v4.assigned().isEmpty()) {
        refused.incrementAndGet();
        continue;
      }
      for (var assigned : v4.assigned()) {
        assertThat(holders.put(assigned.address(), thread))
            .as("%s was free", assigned.address())
            .isNull();
      }
      held.add(handle);
    }
    for (var handle : List.copyOf(held)) {
      release(ipam, handle, holders);
    }
    return true;
  }

  private static void release(Ipam ipam, String handle, Map<IpAddress, Integer> holders)
      throws IpamException {
    // Whoever gets it next must find it free: it leaves the list first.
    ipam.ipsByHandle(handle).forEach(holders::remove);
    ipam.releaseByHandle(handle);
  }
}
