package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A million operations from many threads on one store. */
class ConcurrentIpamTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 10;
  private static final int OF_EACH_IN_A_ROUND = 12_500;
  private static final int HELD = 12;
  private static final Prefix POOL = Prefix.of("10.0.0.0/23");

  private final String[] hosts = new String[20];
  private final InMemoryIpamStore store = new InMemoryIpamStore();
  private final TestCluster cluster;
  private final Map<IpAddress, String> holders = new ConcurrentHashMap<>();
  private final AtomicLong operations = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  ConcurrentIpamTest() {
    for (int i = 0; i < hosts.length; i++) {
      hosts[i] = "host" + i;
    }
    cluster = new TestCluster(hosts).pool(POOL.toString(), 28);
  }

  /** All threads stand still: now everything must be true. */
  private void check() {
    try {
      Laws.check(store);
      var ipam = new Ipam(store, cluster, () -> 1);
      for (var held : holders.entrySet()) {
        assertThat(ipam.assignmentAttributes(held.getKey()).handle()).isEqualTo(held.getValue());
      }
    } catch (IpamException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noAddressIsGivenTwiceInAMillionConcurrentOperations() throws Exception {
    var barrier = new CyclicBarrier(THREADS, this::check);
    try (var executor = Executors.newFixedThreadPool(THREADS)) {
      var tasks = new ArrayList<Callable<Boolean>>();
      for (int thread = 0; thread < THREADS; thread++) {
        var worker = new Worker(thread);
        tasks.add(
            () -> {
              try {
                for (int round = 0; round < ROUNDS; round++) {
                  worker.work();
                  barrier.await();
                }
                return worker.giveBack();
              } catch (IpamException | RuntimeException | Error e) {
                barrier.reset();
                throw e;
              }
            });
      }
      for (var done : executor.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(operations.get()).isEqualTo(1_000_000);
    Laws.check(store);
    assertThat(holders).as("everybody gave back what they had").isEmpty();
    for (var block : store.list(IpamKey.ALL_BLOCKS, Block.class)) {
      assertThat(block.value().isEmpty()).isTrue();
    }
    assertThat(store.list(IpamKey.HANDLES, Handle.class)).isEmpty();
    // A caller that loses a hundred races in a row is refused; that is rare.
    assertThat(refused.get()).isLessThan(operations.get() / 1000);
  }

  /** One thread: takes addresses, gives them back, and now and then takes a host its blocks. */
  private final class Worker {
    private final int thread;
    private final Ipam ipam = new Ipam(store, cluster, () -> 1);
    private final ArrayDeque<String> held = new ArrayDeque<>();
    private int count;

    Worker(int thread) {
      this.thread = thread;
    }

    void work() throws IpamException {
      for (int i = 0; i < OF_EACH_IN_A_ROUND; i++) {
        operations.incrementAndGet();
        count++;
        var host = hosts[(thread * 7 + count) % hosts.length];
        if (count % 10 == 9) {
          leaveOrClaim(host);
        } else if (held.size() == HELD || (count % 3 == 2 && !held.isEmpty())) {
          release(held.removeFirst());
        } else {
          assign(host);
        }
      }
    }

    private void assign(String host) {
      var handle = "t" + thread + "-" + count;
      var answer = ipam.autoAssign(AssignRequest.workload(host, handle, Map.of()));
      var v4 = answer.v4();
      if (answer.error() != null || v4 == null || v4.assigned().isEmpty()) {
        refused.incrementAndGet();
        return;
      }
      for (var assigned : v4.assigned()) {
        assertThat(holders.put(assigned.address(), handle))
            .as("%s was free", assigned.address())
            .isNull();
      }
      held.add(handle);
    }

    private void leaveOrClaim(String host) throws IpamException {
      try {
        if (count % 20 == 9) {
          ipam.releaseHostAffinities(host, false);
        } else {
          ipam.claimAffinity(POOL.subnet(28, count % 32), host).orThrow();
        }
      } catch (IpamException e) {
        assertThat(e.error()).as("%s", e.getMessage()).isInstanceOfAny(IpamError.Other.class);
        refused.incrementAndGet();
      }
    }

    private void release(String handle) throws IpamException {
      // Whoever gets it next must find it free: it leaves the list first.
      ipam.ipsByHandle(handle).forEach(holders::remove);
      ipam.releaseByHandle(handle);
    }

    boolean giveBack() throws IpamException {
      while (!held.isEmpty()) {
        release(Objects.requireNonNull(held.poll()));
      }
      return true;
    }
  }
}
