package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BlockAffinityResource;
import dev.aviary.emulator.resource.BlockAffinityResource.State;
import dev.aviary.emulator.resource.Cidr;
import dev.aviary.net.Prefix;
import java.util.List;

/** A block of a node, and how far its claim has come. */
public record NodeBlock(Cidr cidr, State state) {

  /** One that IPAM has confirmed. */
  public static NodeBlock confirmed(Prefix prefix) {
    return new NodeBlock(Cidr.of(prefix), State.CONFIRMED);
  }

  /** Those of {@code node} that were written down. */
  public static List<NodeBlock> of(List<BlockAffinityResource> affinities, String node) {
    return affinities.stream()
        .filter(affinity -> affinity.node().equals(node))
        .map(affinity -> new NodeBlock(Cidr.of(affinity.cidr().prefix()), affinity.state()))
        .toList();
  }

  /** True if the export filter knows it: routes beneath it stay inside the node. */
  public boolean aggregates() {
    return switch (state) {
      case IMPLICIT, CONFIRMED -> true;
      case PENDING, PENDING_DELETION -> false;
    };
  }

  /** True if there is a blackhole route for it. */
  public boolean hasRoute() {
    return !cidr.prefix().isHost();
  }
}
