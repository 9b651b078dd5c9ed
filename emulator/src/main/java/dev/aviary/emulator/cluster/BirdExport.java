package dev.aviary.emulator.cluster;

import dev.aviary.emulator.confd.BirdFiles;
import dev.aviary.emulator.confd.BirdSpelling;
import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.emulator.node.NodeBlock;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.resource.BlockAffinityResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** BIRD's configuration of a node, as confd would write it. */
public final class BirdExport {
  private BirdExport() {}

  /**
   * From manifests alone: the node's blocks are the BlockAffinities in them.
   *
   * @param bird whom it is for: calico, 1.6 or 2.0
   * @return the files by name
   */
  public static SequencedMap<String, String> of(
      Resources resources, String node, ClusterOptions options, String bird)
      throws ClusterException {
    var facts =
        NodeFacts.of(resources).stream()
            .filter(n -> n.name().equals(node))
            .findFirst()
            .orElseThrow(() -> ClusterException.input("there is no node '" + node + "'"));
    var blocks = NodeBlock.of(resources.of(BlockAffinityResource.class), node);
    return of(
        Stream.of(IpFamily.values())
            .map(
                family ->
                    NodeBgp.of(
                        resources,
                        facts,
                        family,
                        options.calico(),
                        options.environment(),
                        blocks,
                        List.of()))
            .toList(),
        bird);
  }

  /** From a cluster that runs, with the blocks that IPAM has given to the node. */
  public static SequencedMap<String, String> of(Cluster cluster, String node, String bird)
      throws ClusterException {
    var families = cluster.bgp(node);
    if (families.isEmpty()) {
      throw ClusterException.input("there is no node '" + node + "'");
    }
    return of(families, bird);
  }

  private static SequencedMap<String, String> of(List<NodeBgp> families, String bird)
      throws ClusterException {
    var spelling =
        BirdSpelling.parse(bird)
            .orElseThrow(
                () ->
                    ClusterException.input(
                        "--bird: must be calico, 1.6 or 2.0, is '" + bird + "'"));
    if (families.stream().anyMatch(bgp -> bgp.routerId().isEmpty())) {
      throw ClusterException.input(
          "node '%s' has no IPv4 address: give it a router id with --env CALICO_ROUTER_ID=…"
              .formatted(families.getFirst().own().name()));
    }
    return BirdFiles.of(families, spelling).texts();
  }
}
