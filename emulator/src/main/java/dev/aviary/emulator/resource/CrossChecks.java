package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Mistakes that show only when resources are held against each other. */
final class CrossChecks {
  private CrossChecks() {}

  static List<Problem> problems(Resources resources) {
    var problems = new ArrayList<Problem>();
    problems.addAll(IpPoolResource.overlaps(resources.of(IpPoolResource.class)));
    nodes(resources, problems);
    pods(resources, problems);
    topologies(resources, problems);
    return problems;
  }

  private static Set<String> nodeNames(Resources resources) {
    var names = new TreeSet<String>();
    resources.of(NodeResource.class).forEach(n -> names.add(n.metadata().name()));
    resources.of(KubernetesNodeResource.class).forEach(n -> names.add(n.metadata().name()));
    return names;
  }

  private static void nodes(Resources resources, List<Problem> problems) {
    var owners = new HashMap<IpAddress, String>();
    for (var node : resources.of(NodeResource.class)) {
      for (var address : List.of(node.ipv4(), node.ipv6())) {
        address.ifPresent(
            a -> {
              var other = owners.putIfAbsent(a.address(), node.metadata().name());
              if (other != null) {
                problems.add(
                    node.source()
                        .problem(
                            "spec.bgp.ipv4Address",
                            "node %s has %s already".formatted(other, a.address())));
              }
            });
      }
    }
  }

  private static void pods(Resources resources, List<Problem> problems) {
    var nodes = nodeNames(resources);
    var pools = resources.of(IpPoolResource.class);
    var owners = new HashMap<IpAddress, String>();
    for (var pod : resources.of(PodResource.class)) {
      if (!pod.node().isEmpty() && !nodes.contains(pod.node())) {
        problems.add(
            pod.source().problem("spec.nodeName", "there is no node '" + pod.node() + "'"));
      }
      if (pod.hostNetwork() || pod.finished()) {
        continue;
      }
      for (var address : pod.addresses()) {
        if (pools.stream().noneMatch(pool -> pool.cidr().contains(address))) {
          problems.add(
              pod.source()
                  .problem(
                      "metadata.annotations.cni.projectcalico.org/ipAddrs",
                      address + " is in no IPPool"));
        }
        var other = owners.putIfAbsent(address, pod.metadata().id());
        if (other != null) {
          problems.add(
              pod.source()
                  .problem(
                      "metadata.annotations.cni.projectcalico.org/ipAddrs",
                      "pod %s has %s already".formatted(other, address)));
        }
      }
    }
  }

  private static void topologies(Resources resources, List<Problem> problems) {
    var found = resources.of(TopologyResource.class);
    if (found.size() > 1) {
      problems.add(
          found.getLast().source().problem("metadata.name", "there is another Topology already"));
    }
    var nodes = nodeNames(resources);
    for (var topology : found) {
      problems.addAll(TopologyChecks.problems(topology, nodes));
    }
  }
}
