package dev.aviary.emulator.cluster;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerEvent;
import dev.aviary.emulator.cluster.Explanation.Stage;
import dev.aviary.emulator.cluster.Explanation.Step;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.node.PeeringReasons;
import dev.aviary.emulator.resource.Resources;
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

  /** How many events of each side are told. */
  private static final int EVENTS = 3;

  private final Resources resources;
  private final Reachability reachability;
  private final IpFamily family;
  private final List<Step> steps = new ArrayList<>();

  private SessionExplanation(Resources resources, Reachability reachability, IpFamily family) {
    this.resources = resources;
    this.reachability = reachability;
    this.family = family;
  }

  /** One end: what it has set up for the other, and how that stands. */
  record Side(CalicoNode node, PlannedPeer peer, NeighborView view) {}

  static Explanation of(
      Resources resources,
      Reachability reachability,
      CalicoNode one,
      CalicoNode other,
      IpFamily family) {
    var explanation = new SessionExplanation(resources, reachability, family);
    var subject =
        "session %s - %s (%s)"
            .formatted(one.name(), other.name(), family == IpFamily.IPV4 ? "IPv4" : "IPv6");
    var verdict = explanation.explain(one, other);
    return new Explanation(subject, explanation.steps, verdict.up(), verdict.text());
  }

  /** What it comes to. */
  record Verdict(boolean up, String text) {
    static Verdict down(String text) {
      return new Verdict(false, text);
    }
  }

  private Verdict explain(CalicoNode one, CalicoNode other) {
    for (var node : List.of(one, other)) {
      if (node.facts().address(family).isEmpty()) {
        return Verdict.down(node.name() + " has no address of this family");
      }
    }
    var there = HopExplanation.peer(one, other, family);
    var back = HopExplanation.peer(other, one, family);
    planned(one, other, there);
    planned(other, one, back);
    if (there.isEmpty() || back.isEmpty()) {
      var who = there.isEmpty() ? one : other;
      return Verdict.down(
          there.isEmpty() && back.isEmpty()
              ? "configuration missing: neither has the other as a peer"
              : "configuration missing: " + who.name() + " does not know the other");
    }
    var left = side(one, there.get());
    var right = side(other, back.get());
    if (left.isEmpty() || right.isEmpty()) {
      return Verdict.down("configuration missing: a speaker does not run it yet");
    }
    var differences = SessionCause.differences(left.get(), right.get());
    differences.forEach(text -> steps.add(Step.stopped("both", Stage.CONFIGURATION, text)));
    reached(left.get(), right.get());
    reached(right.get(), left.get());
    for (var side : List.of(left.get(), right.get())) {
      happened(side);
    }
    return SessionCause.of(left.get(), right.get(), differences, firstObstacle(), TIME);
  }

  private Optional<Side> side(CalicoNode node, PlannedPeer peer) {
    return node.speakerView(family)
        .flatMap(view -> view.neighbor(peer.protocolName()))
        .map(neighbor -> new Side(node, peer, neighbor));
  }

  private void planned(CalicoNode node, CalicoNode other, Optional<PlannedPeer> peer) {
    if (peer.isPresent()) {
      var p = peer.get();
      steps.add(
          Step.passed(
              node.name(),
              Stage.CONFIGURATION,
              "%s (%s), AS %d, %s"
                  .formatted(
                      p.protocolName(),
                      p.type().text(),
                      p.as(),
                      p.passive() ? "waits to be dialled" : "dials port " + p.dialPort())));
      return;
    }
    var mesh = node.bgp(family).flatMap(bgp -> bgp.plan()).map(plan -> plan.mesh());
    steps.add(
        Step.stopped(
            node.name(),
            Stage.CONFIGURATION,
            "no peer: "
                + mesh.map(
                        m ->
                            switch (m) {
                              case ON ->
                                  "the mesh leaves route reflectors out, and no BGPPeer names it";
                              case OFF -> "the node-to-node mesh is off, and no BGPPeer names it";
                              case REFLECTOR ->
                                  "a route reflector is not in the mesh, and no BGPPeer names it";
                            })
                    .orElse("the node has no speaker")));
    for (var reason : PeeringReasons.of(resources, node.facts(), other.facts(), family)) {
      steps.add(Step.stopped(node.name(), Stage.CONFIGURATION, reason));
    }
  }

  /** Whether what {@code from} sends gets to {@code to}. */
  private void reached(Side from, Side to) {
    var target = to.node().facts().address(family).orElseThrow();
    reachability
        .obstacle(from.node().kernel(), target)
        .ifPresent(
            what ->
                steps.add(
                    Step.stopped(
                        from.node().name() + " -> " + to.node().name(), Stage.REACHABILITY, what)));
  }

  private Optional<String> firstObstacle() {
    return steps.stream()
        .filter(step -> step.stage() == Stage.REACHABILITY && !step.passed())
        .map(Step::what)
        .findFirst();
  }

  private void happened(Side side) {
    var view = side.view();
    boolean up = view.state().equals("Established");
    steps.add(
        new Step(
            side.node().name(),
            Stage.SESSION,
            up,
            "%s since %s%s%s"
                .formatted(
                    view.state(),
                    TIME.format(view.since()),
                    view.lastError().isEmpty() ? "" : ", last error: " + view.lastError(),
                    view.errorWaitRemaining().isZero()
                        ? ""
                        : ", error wait: %d of %d s left"
                            .formatted(
                                view.errorWaitRemaining().toSeconds() + 1,
                                view.errorWait().toSeconds()))));
    var events =
        side.node().events(family).stream()
            .filter(event -> event.neighbor().equals(view.name()))
            .toList();
    for (var event : events.subList(Math.max(0, events.size() - EVENTS), events.size())) {
      boolean failed = event instanceof SpeakerEvent.SessionFailed;
      steps.add(new Step(side.node().name(), Stage.EVENT, !failed, event(event)));
    }
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
}
