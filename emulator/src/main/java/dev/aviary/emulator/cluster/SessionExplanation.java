package dev.aviary.emulator.cluster;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerEvent;
import dev.aviary.emulator.cluster.Explanation.Step;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.net.IpFamily;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Why two nodes have a session, or have none: from what was decided and what happened. */
final class SessionExplanation {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SessionExplanation() {}

  static Explanation of(CalicoNode one, CalicoNode other, IpFamily family) {
    var subject =
        "session %s - %s (%s)"
            .formatted(one.name(), other.name(), family == IpFamily.IPV4 ? "IPv4" : "IPv6");
    var steps = new ArrayList<Step>();
    for (var node : List.of(one, other)) {
      if (node.facts().address(family).isEmpty()) {
        return new Explanation(
            subject, steps, false, node.name() + " has no address of this family");
      }
    }
    var there = peer(one, other, family);
    var back = peer(other, one, family);
    steps.add(new Step(one.name(), planned(one, there, family)));
    steps.add(new Step(other.name(), planned(other, back, family)));
    if (there.isEmpty() || back.isEmpty()) {
      var who = there.isEmpty() ? one : other;
      return new Explanation(
          subject,
          steps,
          false,
          there.isEmpty() && back.isEmpty()
              ? "configuration missing: neither has the other as a peer"
              : "configuration missing: " + who.name() + " does not know the other");
    }
    var differences = differences(one, there.get(), other, back.get(), family);
    differences.forEach(text -> steps.add(new Step("both", text)));
    for (var node : List.of(one, other)) {
      var name = (node == one ? there : back).get().protocolName();
      node.speakerView(family)
          .flatMap(view -> view.neighbor(name))
          .ifPresent(neighbor -> steps.add(new Step(node.name(), state(neighbor))));
      node.events(family).stream()
          .filter(event -> event.neighbor().equals(name))
          .skip(Math.max(0, count(node, family, name) - 3))
          .forEach(event -> steps.add(new Step(node.name(), event(event))));
    }
    return verdict(subject, steps, one, there.get(), other, back.get(), family, differences);
  }

  private static long count(CalicoNode node, IpFamily family, String name) {
    return node.events(family).stream().filter(e -> e.neighbor().equals(name)).count();
  }

  private static Optional<PlannedPeer> peer(CalicoNode from, CalicoNode to, IpFamily family) {
    var address = to.facts().address(family);
    return from.peersByName(family).values().stream()
        .filter(peer -> address.equals(Optional.of(peer.address())))
        .findFirst();
  }

  private static String planned(CalicoNode node, Optional<PlannedPeer> peer, IpFamily family) {
    if (peer.isEmpty()) {
      var mesh = node.bgp(family).flatMap(bgp -> bgp.plan()).map(plan -> plan.mesh());
      return "no peer: "
          + mesh.map(
                  m ->
                      switch (m) {
                        case ON -> "the mesh leaves route reflectors out, and no BGPPeer names it";
                        case OFF -> "the node-to-node mesh is off, and no BGPPeer names it";
                        case REFLECTOR ->
                            "a route reflector is not in the mesh, and no BGPPeer names it";
                      })
              .orElse("the node has no speaker");
    }
    var p = peer.get();
    return "%s (%s), AS %d, %s"
        .formatted(
            p.protocolName(),
            p.type().text(),
            p.as(),
            p.passive() ? "waits to be dialled" : "dials port " + p.dialPort());
  }

  private static List<String> differences(
      CalicoNode one, PlannedPeer there, CalicoNode other, PlannedPeer back, IpFamily family) {
    var found = new ArrayList<String>();
    long oneAs = there.options().localAs().orElse(as(one, family));
    long otherAs = back.options().localAs().orElse(as(other, family));
    if (there.as() != otherAs) {
      found.add(
          "%s expects AS %d, %s is AS %d".formatted(one.name(), there.as(), other.name(), otherAs));
    }
    if (back.as() != oneAs) {
      found.add(
          "%s expects AS %d, %s is AS %d".formatted(other.name(), back.as(), one.name(), oneAs));
    }
    if (!there.options().password().equals(back.options().password())) {
      found.add("the passwords (MD5) differ");
    }
    if (there.passive() && back.passive()) {
      found.add("both wait to be dialled");
    }
    if (there.options().ttlSecurity().isPresent() != back.options().ttlSecurity().isPresent()) {
      found.add("only one side has TTL security");
    }
    return found;
  }

  private static long as(CalicoNode node, IpFamily family) {
    return node.bgp(family).flatMap(bgp -> bgp.plan()).map(plan -> plan.as()).orElse(0L);
  }

  private static String state(NeighborView neighbor) {
    return "%s since %s%s"
        .formatted(
            neighbor.state(),
            TIME.format(neighbor.since()),
            neighbor.lastError().isEmpty() ? "" : ", last error: " + neighbor.lastError());
  }

  private static String event(SpeakerEvent event) {
    var at = TIME.format(event.at());
    return switch (event) {
      case SpeakerEvent.StateChanged(_, _, var before, var after) ->
          at + " " + before + " -> " + after;
      case SpeakerEvent.SessionFailed(_, _, var reason) -> at + " failed: " + reason;
      case SpeakerEvent.EndOfRib(_, _, var f) -> at + " all routes received (" + f + ")";
      case SpeakerEvent.RefreshRequested(_, _, var f) -> at + " routes asked for again (" + f + ")";
    };
  }

  private static Explanation verdict(
      String subject,
      List<Step> steps,
      CalicoNode one,
      PlannedPeer there,
      CalicoNode other,
      PlannedPeer back,
      IpFamily family,
      List<String> differences) {
    var left = one.speakerView(family).flatMap(v -> v.neighbor(there.protocolName()));
    var right = other.speakerView(family).flatMap(v -> v.neighbor(back.protocolName()));
    boolean up =
        left.filter(n -> n.state().equals("Established")).isPresent()
            && right.filter(n -> n.state().equals("Established")).isPresent();
    if (up) {
      return new Explanation(
          subject, steps, true, "up since " + TIME.format(left.orElseThrow().since()));
    }
    if (!differences.isEmpty()) {
      return new Explanation(subject, steps, false, "down: " + differences.getFirst());
    }
    var error =
        left.map(NeighborView::lastError)
            .filter(text -> !text.isEmpty())
            .or(() -> right.map(NeighborView::lastError).filter(text -> !text.isEmpty()));
    return new Explanation(
        subject, steps, false, error.map(e -> "down: " + e).orElse("not up yet: nothing failed"));
  }
}
