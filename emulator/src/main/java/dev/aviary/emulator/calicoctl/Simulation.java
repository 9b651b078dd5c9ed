package dev.aviary.emulator.calicoctl;

import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.cluster.JsonText;
import dev.aviary.emulator.node.ClusterIpamInputs;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.ipam.CapacityForecast;
import dev.aviary.ipam.CapacityForecast.Growth;
import dev.aviary.ipam.CapacityForecast.Outcome;
import dev.aviary.ipam.IpPool;
import dev.aviary.ipam.IpamConfig;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamInputs;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.PoolSpec;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code ipam simulate}: how far pools, block sizes and limits carry a cluster that grows. */
public final class Simulation {

  /**
   * What is asked.
   *
   * @param pools "CIDR" or "CIDR,BLOCKSIZE"; empty for those of the resources
   * @param nodes how many nodes at most
   * @param podsPerNode pods of each
   * @param strictAffinity addresses from own blocks only; empty for what the resources say
   * @param maxBlocksPerHost empty for what the resources say
   * @param tunnel each node has a tunnel address, too
   */
  public record Question(
      List<String> pools,
      int nodes,
      int podsPerNode,
      Optional<Boolean> strictAffinity,
      Optional<Integer> maxBlocksPerHost,
      boolean tunnel,
      boolean json) {
    public Question {
      pools = List.copyOf(pools);
    }
  }

  private record Pools(List<IpPool> pools, List<Prefix> reservations, IpamInputs selectors)
      implements IpamInputs {
    @Override
    public Optional<Map<String, String>> nodeLabels(String host) {
      return selectors.nodeLabels(host);
    }

    @Override
    public boolean matches(String selector, Map<String, String> labels) throws IpamException {
      return selectors.matches(selector, labels);
    }
  }

  private Simulation() {}

  /** The answer; its exit code is 1 if the addresses do not last. */
  public static Answer run(Resources resources, Question asked) throws ClusterException {
    var inputs = new ClusterIpamInputs(() -> resources);
    var pools = asked.pools().isEmpty() ? inputs.pools() : pools(asked.pools());
    if (pools.isEmpty()) {
      throw ClusterException.input("no pools: give --pool CIDR[,BLOCKSIZE], or -f with IPPools");
    }
    var config = inputs.config().orElse(IpamConfig.DEFAULT);
    if (asked.strictAffinity().isPresent()) {
      config = config.withStrictAffinity(asked.strictAffinity().get());
    }
    if (asked.maxBlocksPerHost().isPresent()) {
      config = config.withMaxBlocksPerHost(asked.maxBlocksPerHost().get());
    }
    var labels =
        NodeFacts.of(resources).stream()
            .findFirst()
            .map(NodeFacts::labels)
            .orElse(Map.<String, String>of());
    try {
      var outcome =
          CapacityForecast.run(
              new Pools(pools, inputs.reservations(), inputs),
              config,
              IpamVariant.V3_22,
              new Growth(asked.nodes(), asked.podsPerNode(), asked.tunnel(), labels));
      return new Answer(
          asked.json() ? json(outcome) : text(outcome),
          "",
          outcome.exhausted().isPresent() ? 1 : 0);
    } catch (IpamException e) {
      throw ClusterException.input(String.valueOf(e.getMessage()));
    }
  }

  private static List<IpPool> pools(List<String> texts) throws ClusterException {
    var found = new ArrayList<IpPool>();
    var before = new ArrayList<PoolSpec>();
    for (var text : texts) {
      var parts = text.split(",", 2);
      Integer size = null;
      if (parts.length == 2) {
        try {
          size = Integer.valueOf(parts[1]);
        } catch (NumberFormatException _) {
          throw ClusterException.input("--pool: must be CIDR[,BLOCKSIZE], is '" + text + "'");
        }
      }
      var spec = new PoolSpec(parts[0], parts[0], size, "", "", false, "", List.of());
      var mistakes = spec.mistakes(null, before, List.of());
      if (!mistakes.isEmpty()) {
        throw ClusterException.input("--pool: " + PoolSpec.message(mistakes));
      }
      before.add(spec);
      var cidr = Prefix.of(parts[0]);
      found.add(
          new IpPool(
              parts[0],
              cidr,
              size == null ? IpPool.defaultBlockSize(cidr.family()) : size,
              false,
              "",
              Set.copyOf(IpPool.DEFAULT_USES)));
    }
    return found;
  }

  private static String text(Outcome outcome) {
    var table =
        new BorderedTable("Nodes", "Addresses", "Blocks", "Free blocks", "Stranded", "Borrowed");
    for (var mark : outcome.marks()) {
      table.row(
          Integer.toString(mark.nodes()),
          Integer.toString(mark.addresses()),
          Integer.toString(mark.blocks()),
          Long.toString(mark.freeBlocks()),
          Integer.toString(mark.stranded()),
          Integer.toString(mark.borrowed()));
    }
    var out = new StringBuilder(table.print());
    if (outcome.firstBorrowed() > 0) {
      out.append(
          "From node %d on, nodes take addresses from other nodes' blocks.\n"
              .formatted(outcome.firstBorrowed()));
    }
    outcome
        .exhausted()
        .ifPresentOrElse(
            end ->
                out.append(
                    "Out of addresses at node %d, pod %d: %s\n"
                        .formatted(end.nodeNumber(), end.podNumber(), end.reason())),
            () -> out.append("The addresses last.\n"));
    return out.toString();
  }

  private static String json(Outcome outcome) {
    var marks = new ArrayList<Map<String, Object>>();
    for (var mark : outcome.marks()) {
      var row = new LinkedHashMap<String, Object>();
      row.put("nodes", mark.nodes());
      row.put("addresses", mark.addresses());
      row.put("blocks", mark.blocks());
      row.put("freeBlocks", mark.freeBlocks());
      row.put("stranded", mark.stranded());
      row.put("borrowed", mark.borrowed());
      marks.add(row);
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("marks", marks);
    fields.put(
        "firstBorrowedAtNode", outcome.firstBorrowed() == 0 ? null : outcome.firstBorrowed());
    var end = outcome.exhausted();
    if (end.isPresent()) {
      var row = new LinkedHashMap<String, Object>();
      row.put("node", end.get().nodeNumber());
      row.put("pod", end.get().podNumber());
      row.put("reason", end.get().reason());
      fields.put("exhausted", row);
    } else {
      fields.put("exhausted", null);
    }
    return JsonText.print(fields);
  }
}
