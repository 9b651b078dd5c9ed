package dev.aviary.emulator.cluster;

import dev.aviary.bgp.RouteView;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.emulator.cluster.Explanation.Step;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a node has a route to a prefix, or has none: asked of the filters and tables themselves. */
final class RouteExplanation {
  private final Map<String, CalicoNode> nodes;
  private final Prefix prefix;
  private final IpFamily family;
  private final List<Step> steps = new ArrayList<>();

  private RouteExplanation(Map<String, CalicoNode> nodes, Prefix prefix) {
    this.nodes = new LinkedHashMap<>(nodes);
    this.prefix = prefix;
    this.family = prefix.family();
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
    var origins = new ArrayList<String>();
    for (var node : nodes.values()) {
      if (routes(node).stream().anyMatch(RouteExplanation::isLocal)) {
        origins.add(node.name());
        steps.add(new Step(node.name(), "originates it"));
      }
    }
    if (origins.isEmpty() && nodes.values().stream().allMatch(n -> routes(n).isEmpty())) {
      return new Explanation(
          subject,
          steps,
          false,
          "nobody originates it: no node has such a block, no service such a prefix");
    }
    if (from.isPresent() && !origins.contains(from.get().name())) {
      steps.add(new Step(from.get().name(), "does not originate it"));
    }
    var missing = new ArrayList<String>();
    Optional<String> why = Optional.empty();
    for (var node : to.map(List::of).orElseGet(() -> List.copyOf(nodes.values()))) {
      if (routes(node).isEmpty()) {
        missing.add(node.name());
        var reason = absent(node, from);
        why = why.isPresent() ? why : Optional.of(reason);
      } else {
        present(node);
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

  private List<RouteView> routes(CalicoNode node) {
    return node.speakerView(family).stream()
        .flatMap(view -> view.routes(AfiSafi.unicast(family)).stream())
        .filter(view -> view.route().prefix().equals(prefix))
        .toList();
  }

  private static boolean isLocal(RouteView view) {
    return view.route().source() instanceof RouteSource.Local;
  }

  private void present(CalicoNode node) {
    for (var view : routes(node)) {
      var route = view.route();
      steps.add(
          new Step(
              node.name(),
              "%s route of %s%s%s"
                  .formatted(
                      view.best() ? "best" : "other",
                      route.source().name(),
                      route.attributes().nextHop().map(h -> ", next hop " + h).orElse(""),
                      view.decidedBy()
                          .map(r -> ", decided by " + r.name().toLowerCase(java.util.Locale.ROOT))
                          .orElse(""))));
    }
    steps.add(new Step(node.name(), node.kernelDecision(prefix)));
  }

  /** The first reason that a neighbor gives, the one nearest to {@code from} if that is given. */
  private String absent(CalicoNode node, Optional<CalicoNode> from) {
    var reasons = new LinkedHashMap<String, String>();
    for (var neighbor : nodes.values()) {
      if (neighbor != node) {
        peer(neighbor, node)
            .ifPresent(peer -> reasons.put(neighbor.name(), withheld(neighbor, peer, node)));
      }
    }
    reasons.forEach((name, reason) -> steps.add(new Step(name + " -> " + node.name(), reason)));
    var told =
        from.map(f -> reasons.get(f.name()))
            .or(
                () ->
                    reasons.entrySet().stream()
                        .filter(e -> !e.getValue().equals(NOTHING))
                        .map(Map.Entry::getValue)
                        .findFirst());
    return told.orElse(
        reasons.isEmpty() ? "it has no sessions" : "none of its neighbors has it either");
  }

  private static final String NOTHING = "has it not";

  private Optional<PlannedPeer> peer(CalicoNode from, CalicoNode to) {
    var address = to.facts().address(family);
    return from.peersByName(family).values().stream()
        .filter(p -> address.equals(Optional.of(p.address())))
        .findFirst();
  }

  /** Why {@code node} has not got it from {@code neighbor}. */
  private String withheld(CalicoNode neighbor, PlannedPeer peer, CalicoNode node) {
    var best = routes(neighbor).stream().filter(RouteView::best).findFirst();
    if (best.isEmpty()) {
      return NOTHING;
    }
    var session = neighbor.speakerView(family).flatMap(v -> v.neighbor(peer.protocolName()));
    if (session.filter(s -> s.state().equals("Established")).isEmpty()) {
      return "the session is " + session.map(s -> s.state()).orElse("missing");
    }
    var route = best.get().route();
    if (route.source() instanceof RouteSource.Learned(var source)) {
      if (source.internal()
          && peer.internal()
          && !peer.reflectorClient()
          && !source.reflectorClient()) {
        return "what iBGP told is not told on by iBGP: no route reflector";
      }
      if (Optional.of(source.address()).equals(node.facts().address(family))) {
        return "it came from there";
      }
    }
    var out = neighbor.exportDecision(family, peer.protocolName(), route);
    if (out.isPresent() && !out.get().accepted()) {
      return "export filter: " + out.get().reason();
    }
    var back = peer(node, neighbor);
    if (back.isPresent()) {
      var in = node.importDecision(family, back.get().protocolName(), route);
      if (in.isPresent() && !in.get().accepted()) {
        return "import filter: " + in.get().reason();
      }
    }
    long own = node.bgp(family).flatMap(b -> b.plan()).map(plan -> plan.as()).orElse(0L);
    if (!peer.internal() && route.attributes().occurrences(AsNumber.of(own)) > 0) {
      return "loop check: AS " + own + " stands in the path already";
    }
    return "told, and not arrived yet";
  }
}
