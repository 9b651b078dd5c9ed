package dev.aviary.emulator.cluster;

import dev.aviary.bgp.ExportView;
import dev.aviary.bgp.ImportView;
import dev.aviary.bgp.RouteView;
import dev.aviary.bgp.rib.RouteDissemination.Refusal;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.emulator.cluster.Explanation.Stage;
import dev.aviary.emulator.cluster.Explanation.Step;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What becomes of a route between two nodes with a session: asked of the two speakers themselves,
 * which answer with the statements and rules that they go by.
 */
final class HopExplanation {
  private final CalicoNode from;
  private final CalicoNode to;
  private final Route route;
  private final IpFamily family;
  private final List<Step> steps = new ArrayList<>();

  private HopExplanation(CalicoNode from, CalicoNode to, Route route) {
    this.from = from;
    this.to = to;
    this.route = route;
    this.family = route.prefix().family();
  }

  /**
   * The steps of one hop.
   *
   * @param stopped what the last of them said, if that is where it ends
   */
  record Hop(List<Step> steps, Optional<String> stopped) {
    Hop {
      steps = List.copyOf(steps);
    }
  }

  /** From {@code from}, which has {@code route}, to {@code to}. */
  static Hop of(CalicoNode from, CalicoNode to, Route route) {
    var hop = new HopExplanation(from, to, route);
    var stopped = hop.walk();
    return new Hop(hop.steps, stopped);
  }

  /** What {@code from} has set up for a session with {@code to}; of several one that is up. */
  static Optional<PlannedPeer> peer(CalicoNode from, CalicoNode to, IpFamily family) {
    var address = to.facts().address(family);
    var all =
        from.peersByName(family).values().stream()
            .filter(peer -> address.equals(Optional.of(peer.address())))
            .toList();
    return all.size() < 2
        ? all.stream().findFirst()
        : all.stream()
            .filter(peer -> isUp(from, peer.protocolName(), family))
            .findFirst()
            .or(() -> all.stream().findFirst());
  }

  private static boolean isUp(CalicoNode node, String session, IpFamily family) {
    return node.speakerView(family)
        .flatMap(view -> view.neighbor(session))
        .filter(neighbor -> neighbor.state().equals("Established"))
        .isPresent();
  }

  /** The routes of {@code node} to {@code prefix}, the best one first. */
  static List<RouteView> routes(CalicoNode node, Prefix prefix) {
    var family = prefix.family();
    return node.speakerView(family).stream()
        .flatMap(view -> view.routes(AfiSafi.unicast(family)).stream())
        .filter(view -> view.route().prefix().equals(prefix))
        .toList();
  }

  private String where() {
    return from.name() + " -> " + to.name();
  }

  private Optional<String> stop(Stage stage, String what) {
    steps.add(Step.stopped(where(), stage, what));
    return Optional.of(what);
  }

  private void pass(Stage stage, String what) {
    steps.add(Step.passed(where(), stage, what));
  }

  private Optional<String> walk() {
    var there = peer(from, to, family);
    var back = peer(to, from, family);
    if (there.isEmpty() || back.isEmpty()) {
      return stop(Stage.SESSION, "they have no session");
    }
    var session = from.speakerView(family).flatMap(v -> v.neighbor(there.get().protocolName()));
    if (session.filter(s -> s.state().equals("Established")).isEmpty()) {
      return stop(Stage.SESSION, "the session is " + session.map(s -> s.state()).orElse("missing"));
    }
    return exported(there.get().protocolName(), back.get());
  }

  private Optional<String> exported(String name, PlannedPeer back) {
    var view = from.speaker(family).flatMap(speaker -> speaker.exports(name, route));
    if (view.isEmpty()) {
      return stop(Stage.SESSION, "the session is missing");
    }
    return switch (view.get()) {
      case ExportView.Refused(var why) -> stop(Stage.EXPORT, words(why));
      case ExportView.Filtered(var statement) ->
          stop(Stage.EXPORT, "export filter: " + from.exportReason(family, name, statement));
      case ExportView.Unsayable(var why, _) ->
          stop(
              Stage.EXPORT,
              switch (why) {
                case NO_NEXT_HOP -> "it has no next hop to tell";
                case NEXT_HOP_IS_RECEIVER -> "its next hop is the receiver";
              });
      case ExportView.Told(var leaves, var statement) -> {
        pass(
            Stage.EXPORT,
            "export filter: %s; leaves with %s"
                .formatted(from.exportReason(family, name, statement), attributes(leaves)));
        yield imported(leaves, back.protocolName());
      }
    };
  }

  private Optional<String> imported(PathAttributes told, String name) {
    var view = to.speaker(family).flatMap(s -> s.imports(name, route.prefix(), told));
    if (view.isEmpty()) {
      return stop(Stage.SESSION, "the session is missing");
    }
    return switch (view.get()) {
      case ImportView.Excluded(var why) -> stop(Stage.IMPORT, words(why));
      case ImportView.Filtered(var statement) ->
          stop(Stage.IMPORT, "import filter: " + to.importReason(family, name, statement));
      case ImportView.Taken(_, var statement) -> {
        pass(Stage.IMPORT, "import filter: " + to.importReason(family, name, statement));
        yield chosen(name);
      }
    };
  }

  /** What the receiver's table says of it. */
  private Optional<String> chosen(String name) {
    var all = routes(to, route.prefix());
    if (all.stream().noneMatch(view -> view.route().source().name().equals(name))) {
      return stop(Stage.SESSION, "told, and not arrived yet");
    }
    var best = all.getFirst();
    boolean here = best.route().source().name().equals(name);
    steps.add(
        Step.passed(
            to.name(),
            Stage.SELECTION,
            (here ? "best route of %s%s" : "not the best: that is the one of %s%s")
                .formatted(best.route().source().name(), decidedBy(best))));
    return Optional.empty();
  }

  /** The rule that the table remembers. */
  static String decidedBy(RouteView view) {
    return view.decidedBy()
        .map(rule -> ", decided by " + rule.name().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  private static String attributes(PathAttributes leaves) {
    var path = leaves.asPath().toString();
    return "next hop %s, path %s, LOCAL_PREF %s"
        .formatted(
            leaves.nextHop().map(Object::toString).orElse("none"),
            path.isEmpty() ? "empty" : path,
            leaves.localPref().isPresent()
                ? Integer.toUnsignedString(leaves.localPref().getAsInt())
                : "none");
  }

  private static String words(Refusal why) {
    return switch (why) {
      case CAME_FROM_THERE -> "it came from there";
      case NOT_REFLECTED -> "what iBGP told is not told on by iBGP: no route reflector";
      case ONLY_TO_CUSTOMER -> "it goes to customers only (RFC 9234)";
      case NO_ADVERTISE -> "its community NO_ADVERTISE forbids it";
      case NO_EXPORT -> "its community NO_EXPORT keeps it in the AS";
      case LLGR_STALE -> "it is stale, and they do not know of such routes (RFC 9494)";
    };
  }

  private String words(ImportView.Exclusion why) {
    return switch (why) {
      case OWN_AS -> "loop check: AS " + ownAs() + " stands in the path already";
      case ORIGINATOR_ID -> "loop check: its ORIGINATOR_ID is the receiver's own";
      case CLUSTER_LIST -> "loop check: the receiver's cluster stands in CLUSTER_LIST";
      case ONLY_TO_CUSTOMER -> "route leak: it was to go to customers only (RFC 9234)";
      case NEXT_HOP -> "its next hop is no address of a host";
      case MARTIAN -> "no packet can have such a destination";
    };
  }

  private long ownAs() {
    return peer(to, from, family)
        .flatMap(back -> back.options().localAs())
        .or(() -> to.bgp(family).flatMap(bgp -> bgp.plan()).map(plan -> plan.as()))
        .orElse(0L);
  }

  /** The node that a route was learned from, by its address. */
  static Optional<dev.aviary.net.IpAddress> learnedFrom(Route route) {
    return route.source() instanceof RouteSource.Learned(var peer)
        ? Optional.of(peer.address())
        : Optional.empty();
  }
}
