package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.Workload;
import dev.aviary.kernel.Kernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds network stacks by the names that people use. */
final class Places {
  private Places() {}

  static Optional<Place> find(
      String name,
      Map<String, CalicoNode> nodes,
      Map<String, Kernel> hosts,
      List<Workload> workloads) {
    var node = nodes.get(name);
    if (node != null) {
      return Optional.of(new Place(name, node.kernel()));
    }
    var host = hosts.get(name);
    if (host != null) {
      return Optional.of(new Place(name, host));
    }
    return workloads.stream()
        .filter(w -> w.pod().metadata().id().equals(name) || w.pod().metadata().name().equals(name))
        .findFirst()
        .map(w -> new Place(w.pod().metadata().id(), w.kernel()));
  }
}
