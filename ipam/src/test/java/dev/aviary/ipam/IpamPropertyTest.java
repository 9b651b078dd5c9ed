package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Laws that hold after any sequence of operations, and at any instant of one that another caller
 * meets half way.
 */
class IpamPropertyTest {
  private static final List<String> HOSTS = List.of("a", "b", "c");

  private static Ipam on(IpamStore store, TestCluster cluster, IpamVariant variant) {
    return new Ipam(store, cluster, () -> 1_000_000_000L, variant);
  }

  private static void operate(Ipam ipam, int operation) throws IpamException {
    var host = HOSTS.get(Math.floorMod(operation, 3));
    var handle = "h" + Math.floorMod(operation / 3, 5);
    int address = Math.floorMod(operation / 15, 32);
    switch (Math.floorMod(operation / 480, 9)) {
      case 0, 1 ->
          ipam.autoAssign(
              new AssignRequest(
                  host,
                  1 + address % 5,
                  0,
                  handle,
                  Map.of("node", host),
                  List.of(),
                  List.of(),
                  0,
                  null,
                  null,
                  IntendedUse.WORKLOAD,
                  false));
      case 2 -> ipam.assignIp(IpAddress.of("10.0.0." + address), host, handle, Map.of(), null);
      case 3 ->
          ipam.releaseIps(
              List.of(IpAddress.of("10.0.0." + address), IpAddress.of("10.0.0." + address / 2)));
      case 4 -> ipam.releaseByHandle(handle);
      case 5 -> ipam.claimAffinity(Prefix.of("10.0.0.0/28"), host);
      case 6 -> ipam.releaseAffinity(Prefix.of("10.0.0.0/28"), host, address % 2 == 0);
      case 7 -> ipam.releaseHostAffinities(host, false);
      default -> ipam.releasePoolAffinities(Prefix.of("10.0.0.0/27"));
    }
  }

  private static void quietly(Ipam ipam, int operation) {
    try {
      operate(ipam, operation);
    } catch (IpamException e) {
      assertThat(e.error()).isNotInstanceOf(IpamError.Malformed.class);
    }
  }

  @Property(tries = 300)
  void lawsHoldAfterAnyOperations(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 4319) Integer> operations,
      @ForAll IpamVariant variant)
      throws IpamException {
    var store = new InMemoryIpamStore();
    var ipam = on(store, new TestCluster("a", "b", "c").pool("10.0.0.0/27", 29), variant);
    for (int operation : operations) {
      quietly(ipam, operation);
      Laws.check(store);
    }
  }

  /** Every write of the first operation is met by a whole other one just before it. */
  @Property(tries = 300)
  void lawsHoldForAnyInterleavingOfTwo(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 4319) Integer> before,
      @ForAll @IntRange(min = 0, max = 4319) int first,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 4319) Integer> between,
      @ForAll IpamVariant variant)
      throws IpamException {
    var cluster = new TestCluster("a", "b", "c").pool("10.0.0.0/27", 29);
    var store = new InMemoryIpamStore();
    var other = on(store, cluster, variant);
    before.forEach(operation -> quietly(other, operation));
    var left = new java.util.ArrayDeque<>(between);
    var met =
        new InterruptedStore(
            store,
            () -> {
              var next = left.poll();
              if (next != null) {
                quietly(other, next);
              }
            });
    quietly(on(met, cluster, variant), first);
    Laws.check(store);
  }

  /** A caller that dies after any of its writes leaves a store that the next one can use. */
  @Property(tries = 300)
  void lawsHoldAfterACrashAtAnyWrite(
      @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 4319) Integer> before,
      @ForAll @IntRange(min = 0, max = 4319) int first,
      @ForAll @IntRange(min = 1, max = 6) int writes,
      @ForAll IpamVariant variant)
      throws IpamException {
    var cluster = new TestCluster("a", "b", "c").pool("10.0.0.0/27", 29);
    var store = new InMemoryIpamStore();
    var other = on(store, cluster, variant);
    before.forEach(operation -> quietly(other, operation));
    var left = new int[] {writes};
    var dying =
        new InterruptedStore(
            store,
            () -> {
              if (--left[0] < 0) {
                throw new Crash();
              }
            });
    try {
      quietly(on(dying, cluster, variant), first);
    } catch (Crash _) {
      // The process is gone; the store is as it was left.
    }
    Laws.check(store);
    for (var host : HOSTS) {
      other.autoAssign(AssignRequest.workload(host, "after", Map.of()));
    }
    Laws.check(store);
  }

  private static final class Crash extends RuntimeException {
    Crash() {
      super("killed", null, false, false);
    }
  }
}
