package dev.aviary.emulator.cluster;

import static dev.aviary.emulator.cluster.HopExplanation.routes;

import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.emulator.cluster.Explanation.Stage;
import dev.aviary.emulator.cluster.Explanation.Step;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a node has a route to a prefix, or has none: asked of the filters and tables themselves. */
final class RouteExplanation {
  private final Map<String, CalicoNode> nodes;
  private final Map<IpAddress, CalicoNode> byAddress = new LinkedHashMap<>();
  private final Prefix prefix;
  private final IpFamily family;
  private final List<Step> steps = new ArrayList<>();

  private RouteExplanation(Map<String, CalicoNode> nodes, Prefix prefix) {
    this.nodes = new LinkedHashMap<>(nodes);
    this.prefix = prefix;
    this.family = prefix.family();
    for (var node : nodes.values()) {
      node.facts().address(family).ifPresent(address -> byAddress.put(address, node));
    }
  }

  /** Of all nodes, or of those towards {@code to}, from {@code from} where that is given. */
  static Explanation of(
      Map<String, CalicoNode> nodes,
      Prefix prefix,
      Optional<CalicoNode> from,
      Optional<CalicoNode> to) {
    return new RouteExplanation(nodes, prefix).explain(from, to);
  }

  private Explanation explain(Optional<CalicoNode> from, Optional<CalicoNode> to) {
    var subject = "route " + prefix;
    var origins = origins();
    if (origins.isEmpty()) {
      return new Explanation(
          subject,
          steps,
          false,
          "nobody originates it: no node has such a block, no service such a prefix");
    }
    var missing = new ArrayList<String>();
    Optional<String> why = Optional.empty();
    for (var node : to.map(List::of).orElseGet(() -> List.copyOf(nodes.values()))) {
      boolean there = !routes(node, prefix).isEmpty();
      Optional<String> stopped =
          from.isPresent()
              ? along(wayTo(node, from.get()), node)
              : there ? wayItCame(node, to.isPresent()) : absent(node, origins);
      if (there) {
        present(node);
      } else {
        missing.add(node.name());
        why = why.isPresent() ? why : stopped;
      }
    }
    return missing.isEmpty()
        ? new Explanation(subject, steps, true, "there")
        : new Explanation(
            subject,
            steps,
            false,
            "not at " + String.join(", ", missing) + ": " + why.orElse("nobody tells it"));
  }

  /** Who originates it, and else who has learned it from outside. */
  private List<CalicoNode> origins() {
    var own = new ArrayList<CalicoNode>();
    var learned = new LinkedHashMap<CalicoNode, String>();
    for (var node : nodes.values()) {
      for (var view : routes(node, prefix)) {
        if (view.route().source() instanceof RouteSource.Local) {
          own.add(node);
          steps.add(Step.passed(node.name(), Stage.ORIGIN, "originates it"));
        } else if (HopExplanation.learnedFrom(view.route())
            .filter(address -> !byAddress.containsKey(address))
            .isPresent()) {
          learned.put(node, view.route().source().name());
        }
      }
    }
    learned.forEach(
        (node, name) ->
            steps.add(
                Step.passed(node.name(), Stage.ORIGIN, "has learned it from outside, of " + name)));
    own.addAll(learned.keySet());
    return own;
  }

  private Optional<CalicoNode> teller(Route route) {
    return HopExplanation.learnedFrom(route).map(byAddress::get);
  }

  /** The nodes that its best route came through, the origin first. */
  private List<CalicoNode> provenance(CalicoNode node) {
    var way = new ArrayList<CalicoNode>(List.of(node));
    var at = Optional.of(node);
    while (at.isPresent()) {
      at = routes(at.get(), prefix).stream().findFirst().flatMap(v -> teller(v.route()));
      if (at.isPresent()) {
        if (way.contains(at.get())) {
          break;
        }
        way.addFirst(at.get());
      }
    }
    return way;
  }

  /** Says how it came, hop by hop, where one node was asked about. */
  private Optional<String> wayItCame(CalicoNode node, boolean wanted) {
    return wanted ? along(provenance(node), node) : Optional.empty();
  }

  /** By the nodes that told it, if {@code from} is one of them, and else by the fewest sessions. */
  private List<CalicoNode> wayTo(CalicoNode node, CalicoNode from) {
    var came = provenance(node);
    int at = came.indexOf(from);
    if (!routes(node, prefix).isEmpty() && at >= 0) {
      return came.subList(at, came.size());
    }
    return shortest(List.of(from), node);
  }

  /** Who would tell whom, over the fewest sessions; empty where none lead there. */
  private List<CalicoNode> shortest(List<CalicoNode> from, CalicoNode to) {
    var before = new LinkedHashMap<CalicoNode, Optional<CalicoNode>>();
    from.forEach(node -> before.put(node, Optional.empty()));
    var next = new ArrayDeque<>(from);
    while (!next.isEmpty() && !before.containsKey(to)) {
      var node = next.removeFirst();
      for (var peer : node.peersByName(family).values()) {
        var other = byAddress.get(peer.address());
        if (other != null && before.putIfAbsent(other, Optional.of(node)) == null) {
          next.add(other);
        }
      }
    }
    var way = new ArrayList<CalicoNode>();
    for (var at = before.containsKey(to) ? Optional.of(to) : Optional.<CalicoNode>empty();
        at.isPresent();
        at = before.getOrDefault(at.get(), Optional.empty())) {
      way.addFirst(at.get());
    }
    return way;
  }

  /** Each hop, up to the first step that stops it. */
  private Optional<String> along(List<CalicoNode> way, CalicoNode to) {
    if (way.isEmpty()) {
      return Optional.of("no chain of sessions leads to " + to.name());
    }
    for (int i = 0; i + 1 < way.size(); i++) {
      var here = way.get(i);
      var next = way.get(i + 1);
      var best = routes(here, prefix).stream().findFirst();
      if (best.isEmpty()) {
        steps.add(Step.stopped(here.name(), Stage.ORIGIN, "has it not, and does not originate it"));
        return Optional.of(here.name() + " has it not");
      }
      var hop = HopExplanation.of(here, next, best.get().route());
      steps.addAll(hop.steps());
      if (hop.stopped().isPresent()) {
        return next == to
            ? hop.stopped()
            : hop.stopped().map(what -> here.name() + " -> " + next.name() + ": " + what);
      }
    }
    return Optional.empty();
  }

  private void present(CalicoNode node) {
    for (var view : routes(node, prefix)) {
      var route = view.route();
      steps.add(
          Step.passed(
              node.name(),
              Stage.SELECTION,
              "%s route of %s%s%s"
                  .formatted(
                      view.best() ? "best" : "other",
                      route.source().name(),
                      route.attributes().nextHop().map(h -> ", next hop " + h).orElse(""),
                      HopExplanation.decidedBy(view))));
    }
    routes(node, prefix)
        .getFirst()
        .route()
        .attributes()
        .nextHop()
        .ifPresent(h -> resolved(node, h));
    var kernel = node.kernelDecision(prefix);
    steps.add(new Step(node.name(), Stage.KERNEL, kernel.startsWith("in the kernel"), kernel));
  }

  private void resolved(CalicoNode node, IpAddress nextHop) {
    var reach = node.reach(family, nextHop);
    steps.add(
        new Step(
            node.name(),
            Stage.NEXT_HOP,
            reach.isPresent(),
            reach
                .map(
                    found ->
                        found.gateway().equals(nextHop)
                            ? "next hop %s is on %s".formatted(nextHop, found.device())
                            : "next hop %s is reached by %s on %s"
                                .formatted(nextHop, found.gateway(), found.device()))
                .orElse("next hop " + nextHop + " is not reachable")));
  }

  /** Each neighbor's reason; where none has it either, how far it got from where it began. */
  private Optional<String> absent(CalicoNode node, List<CalicoNode> origins) {
    Optional<String> first = Optional.empty();
    boolean sessions = false;
    for (var neighbor : nodes.values()) {
      if (neighbor == node || HopExplanation.peer(neighbor, node, family).isEmpty()) {
        continue;
      }
      sessions = true;
      var best = routes(neighbor, prefix).stream().findFirst();
      if (best.isEmpty()) {
        steps.add(Step.stopped(neighbor.name() + " -> " + node.name(), Stage.EXPORT, "has it not"));
        continue;
      }
      var hop = HopExplanation.of(neighbor, node, best.get().route());
      steps.addAll(hop.steps());
      first = first.isPresent() ? first : hop.stopped();
    }
    if (first.isPresent() || !sessions) {
      return first.or(() -> Optional.of("it has no sessions"));
    }
    return along(shortest(origins, node), node);
  }
}
