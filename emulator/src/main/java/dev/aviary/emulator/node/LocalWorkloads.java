package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpPeerResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The pods of a node that are its BGP peers: what Felix writes into the status of an endpoint. A
 * pod that several BGPPeers choose is that of the first by name.
 */
public final class LocalWorkloads {
  private LocalWorkloads() {}

  /** Those among {@code workloads}, which run on {@code node}. */
  public static List<LocalWorkload> of(
      Resources resources, NodeFacts node, List<Workload> workloads) {
    var peers =
        resources.of(BgpPeerResource.class).stream()
            .filter(peer -> !peer.localWorkloadSelector().isEmpty())
            .filter(peer -> isFor(peer, node))
            .sorted(Comparator.comparing(peer -> peer.metadata().name()))
            .toList();
    var found = new ArrayList<LocalWorkload>();
    for (var workload : workloads) {
      var labels = FelixInputs.endpoint(workload).labels();
      peers.stream()
          .filter(peer -> Selector.of(peer.localWorkloadSelector()).matches(labels))
          .findFirst()
          .ifPresent(
              peer ->
                  found.add(
                      new LocalWorkload(
                          peer.metadata().name(),
                          address(workload, IpFamily.IPV4),
                          address(workload, IpFamily.IPV6))));
    }
    return found;
  }

  private static boolean isFor(BgpPeerResource peer, NodeFacts node) {
    if (!peer.node().isEmpty()) {
      return peer.node().equals(node.name());
    }
    return peer.nodeSelector().isEmpty() || Selector.of(peer.nodeSelector()).matches(node.labels());
  }

  private static Optional<IpAddress> address(Workload workload, IpFamily family) {
    return workload.addresses().stream().filter(a -> a.family() == family).findFirst();
  }
}
