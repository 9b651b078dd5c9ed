package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far pools, block sizes and limits carry a cluster that grows: its nodes come one after
 * another, each with its pods, and take addresses from the real allocator in memory, until one gets
 * none.
 */
public final class CapacityForecast {

  /**
   * What grows.
   *
   * @param nodes how many nodes at most
   * @param podsPerNode pods that start on each node before the next one comes
   * @param tunnel each node takes an address for a tunnel device first
   * @param nodeLabels of every node
   */
  public record Growth(int nodes, int podsPerNode, boolean tunnel, Map<String, String> nodeLabels) {
    public Growth {
      if (nodes < 1 || podsPerNode < 0) {
        throw new IllegalArgumentException(nodes + " nodes with " + podsPerNode + " pods each");
      }
      nodeLabels = Map.copyOf(nodeLabels);
    }
  }

  /**
   * How things stand after so many nodes.
   *
   * @param stranded free addresses in blocks, which only the blocks' owners take first
   * @param borrowed addresses that nodes took from others' blocks
   * @param freeBlocks blocks that nobody has claimed
   */
  public record Mark(
      int nodes, int addresses, int blocks, int stranded, int borrowed, long freeBlocks) {}

  /** Who got no address, and why. */
  public record Exhausted(String node, int nodeNumber, int podNumber, String reason) {}

  /**
   * What came of it.
   *
   * @param marks at growing numbers of nodes, the last one at the end
   * @param firstBorrowed the first node that had to take from another's block; 0 if none
   */
  public record Outcome(List<Mark> marks, Optional<Exhausted> exhausted, int firstBorrowed) {
    public Outcome {
      marks = List.copyOf(marks);
    }
  }

  private final Growth growth;
  private final Pools inputs;
  private final Ipam ipam;
  private final Map<Prefix, String> owners = new HashMap<>();
  private final Map<Prefix, Integer> used = new TreeMap<>();
  private int addresses;
  private int borrowed;
  private int firstBorrowed;

  private record Pools(
      List<IpPool> pools,
      List<Prefix> reservations,
      Map<String, Map<String, String>> nodes,
      IpamInputs selectors)
      implements IpamInputs {
    @Override
    public Optional<Map<String, String>> nodeLabels(String host) {
      return Optional.ofNullable(nodes.get(host));
    }

    @Override
    public boolean matches(String selector, Map<String, String> labels) throws IpamException {
      return selectors.matches(selector, labels);
    }
  }

  private CapacityForecast(IpamInputs given, IpamConfig config, IpamVariant variant, Growth growth)
      throws IpamException {
    this.growth = growth;
    this.inputs = new Pools(given.pools(), given.reservations(), new LinkedHashMap<>(), given);
    this.ipam = new Ipam(new InMemoryIpamStore(), inputs, () -> 1, variant);
    ipam.setConfig(config);
  }

  /**
   * Lets the cluster grow.
   *
   * @param given its pools, reservations and selectors; its nodes are not looked at
   */
  public static Outcome run(IpamInputs given, IpamConfig config, IpamVariant variant, Growth growth)
      throws IpamException {
    return new CapacityForecast(given, config, variant, growth).run();
  }

  private Outcome run() {
    var marks = new ArrayList<Mark>();
    int nextMark = 1;
    for (int number = 1; number <= growth.nodes; number++) {
      var node = "node" + number;
      inputs.nodes.put(node, growth.nodeLabels);
      var failure = grow(node, number);
      if (failure != null || number == growth.nodes) {
        marks.add(mark(number));
        return new Outcome(marks, Optional.ofNullable(failure), firstBorrowed);
      }
      if (number == nextMark) {
        marks.add(mark(number));
        nextMark = following(number);
      }
    }
    return new Outcome(marks, Optional.empty(), firstBorrowed);
  }

  /** 1, 2, 5, 10, 20, 50, … */
  private static int following(int mark) {
    int power = 1;
    while (mark >= power * 10) {
      power *= 10;
    }
    return mark / power == 2 ? 5 * power : mark * 2;
  }

  private @Nullable Exhausted grow(String node, int number) {
    for (int pod = growth.tunnel ? 0 : 1; pod <= growth.podsPerNode; pod++) {
      var handle = node + "-" + pod;
      var answer = ipam.autoAssign(request(node, handle, pod == 0));
      var reason = reason(answer);
      if (reason != null) {
        return new Exhausted(node, number, pod, reason);
      }
      if (answer.v4() != null) {
        answer.v4().assigned().forEach(a -> count(node, number, a));
      }
    }
    return null;
  }

  private static AssignRequest request(String node, String handle, boolean tunnel) {
    return new AssignRequest(
        node,
        1,
        0,
        handle,
        Map.of("node", node),
        List.of(),
        List.of(),
        0,
        null,
        null,
        tunnel ? IntendedUse.TUNNEL : IntendedUse.WORKLOAD,
        false);
  }

  private static @Nullable String reason(Assignment answer) {
    var v4 = answer.v4();
    if (answer.error() != null) {
      return v4 == null || v4.messages().isEmpty()
          ? answer.error().message()
          : answer.error().message() + ": " + String.join("; ", v4.messages());
    }
    return v4 == null ? "no IPv4 pool" : v4.shortage();
  }

  private void count(String node, int number, Assignment.Assigned assigned) {
    IpAddress address = assigned.address();
    var block = Prefix.of(address, assigned.length());
    addresses++;
    used.merge(block, 1, Integer::sum);
    if (!owners.computeIfAbsent(block, _ -> node).equals(node)) {
      borrowed++;
      firstBorrowed = firstBorrowed == 0 ? number : firstBorrowed;
    }
  }

  private Mark mark(int nodes) {
    long stranded = 0;
    for (var entry : used.entrySet()) {
      int size = 1 << (entry.getKey().family().bits() - entry.getKey().length());
      stranded += size - entry.getValue();
    }
    double all = 0;
    for (var pool : inputs.pools) {
      if (!pool.disabled() && pool.cidr().family() == dev.aviary.net.IpFamily.IPV4) {
        all += Math.scalb(1.0, pool.blockSize() - pool.cidr().length());
      }
    }
    return new Mark(
        nodes,
        addresses,
        used.size(),
        Math.toIntExact(stranded),
        borrowed,
        (long) all - used.size());
  }
}
