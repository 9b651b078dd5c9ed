package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.TopologyResource.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether cables can be laid as a Topology says, among the nodes that there are. */
final class TopologyChecks {
  /** Linux's IFNAMSIZ, without the octet that ends the name. */
  private static final int LONGEST_NAME = 15;

  private final TopologyResource topology;
  private final Set<String> nodes;
  private final List<Problem> problems = new ArrayList<>();

  private TopologyChecks(TopologyResource topology, Set<String> nodes) {
    this.topology = topology;
    this.nodes = nodes;
  }

  static List<Problem> problems(TopologyResource topology, Set<String> nodes) {
    var checks = new TopologyChecks(topology, nodes);
    checks.nodes();
    checks.hosts();
    checks.faults();
    return checks.problems;
  }

  private void problem(String field, String text) {
    problems.add(topology.source().problem(field, text));
  }

  private void nodes() {
    var known = new HashSet<String>();
    for (var node : topology.nodes()) {
      if (!nodes.contains(node.name())) {
        problem("spec.nodes", "there is no node '" + node.name() + "'");
      }
      if (!known.add(node.name())) {
        problem("spec.nodes", "node '" + node.name() + "' is there twice");
      }
      var links = new ArrayList<>(List.of(node.interfaceName()));
      node.bridges().forEach(bridge -> links.add(bridge.name()));
      links("spec.nodes", node.name(), links);
    }
  }

  private void hosts() {
    var known = new HashSet<String>();
    for (var host : topology.hosts()) {
      if (nodes.contains(host.name())) {
        problem("spec.hosts", "'" + host.name() + "' is a node of the cluster");
      }
      if (!known.add(host.name())) {
        problem("spec.hosts", "host '" + host.name() + "' is there twice");
      }
      links(
          "spec.hosts",
          host.name(),
          host.interfaces().stream().map(TopologyResource.HostInterface::name).toList());
      for (var text : host.routes()) {
        if (HostRoute.parse(host, text).isEmpty()) {
          problem("spec.hosts", route(host, text));
        }
      }
    }
  }

  private static String route(Host host, String text) {
    return "route of %s must be 'PREFIX via ADDRESS' with an address on one of its"
            .formatted(host.name())
        + " interfaces' networks, is '"
        + text
        + "'";
  }

  private void links(String field, String machine, List<String> names) {
    var known = new HashSet<>(Set.of("lo"));
    for (var name : names) {
      if (name.isEmpty() || name.length() > LONGEST_NAME) {
        problem(
            field,
            "interface '%s' of %s: a name has 1 to %d characters"
                .formatted(name, machine, LONGEST_NAME));
      } else if (!known.add(name)) {
        problem(field, "%s has an interface %s already".formatted(machine, name));
      }
    }
  }

  private void faults() {
    var members = members();
    for (var fault : topology.faults()) {
      var there = members.get(fault.segment());
      if (there == null) {
        problem("spec.faults", "nobody is on a segment '" + fault.segment() + "'");
        continue;
      }
      for (var name : fault.machines()) {
        if (!there.contains(name)) {
          problem("spec.faults", "'%s' is not on segment %s".formatted(name, fault.segment()));
        }
      }
    }
  }

  private Map<String, Set<String>> members() {
    var found = new HashMap<String, Set<String>>();
    for (var node : nodes) {
      var wiring = TopologyResource.wiring(Optional.of(topology), node);
      found.computeIfAbsent(wiring.segment(), _ -> new HashSet<>()).add(node);
    }
    for (var host : topology.hosts()) {
      for (var link : host.interfaces()) {
        found.computeIfAbsent(link.segment(), _ -> new HashSet<>()).add(host.name());
      }
    }
    return found;
  }
}
