package dev.aviary.emulator.bird;

import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A speaker's sessions as a daemon reports them. */
final class NodeSessions {
  private NodeSessions() {}

  static BirdSession of(NeighborView n, SpeakerView view, boolean two) {
    boolean established = n.state().equals("Established");
    return new BirdSession(
        n.sessionState(),
        n.address().toString(),
        n.as().toString(),
        n.config().localAs().orElse(view.config().as()).toString(),
        n.restarting(),
        Optional.empty(),
        n.errorWaitRemaining().isZero() || established
            ? Optional.empty()
            : Optional.of(new BirdTimer(n.errorWaitRemaining(), n.errorWait())),
        Optional.empty(),
        established ? Optional.of(agreed(n, view, two)) : Optional.empty(),
        n.lastError());
  }

  private static BirdSession.Agreed agreed(NeighborView n, SpeakerView view, boolean two) {
    var options = n.options().orElseThrow();
    return new BirdSession.Agreed(
        options.peerIdentifier().toString(),
        n.neighborCaps(),
        two ? Optional.of(offered(n.config())) : Optional.empty(),
        two ? Optional.of(capabilities(options.peerCapabilities())) : Optional.empty(),
        two ? n.sessionWords().replaceAll(" add-path-[rt]x", "") : n.sessionWords(),
        own(view, n.address().family()),
        two
            ? Optional.empty()
            : n.config().exchange().maximum().map(m -> "%d/%d".formatted(n.imported(), m.limit())),
        timer(n.holdRemaining(), n.holdTime()),
        timer(n.keepaliveRemaining(), n.keepaliveTime()));
  }

  private static Optional<BirdTimer> timer(Duration left, Duration whole) {
    return Optional.of(new BirdTimer(left, whole));
  }

  static String own(SpeakerView view, IpFamily family) {
    var about = view.config();
    return switch (family) {
      case IPV4 -> about.ipv4().map(IpAddress::toString).orElse("");
      case IPV6 -> about.ipv6().map(IpAddress::toString).orElse("");
    };
  }

  private static BirdCapabilities offered(NeighborConfig config) {
    var offer = config.offer();
    var families = offer.families().stream().sorted().map(NodeSessions::name).toList();
    boolean restarts = offer.gracefulRestart() != NeighborConfig.GracefulRestartMode.OFF;
    boolean able = offer.gracefulRestart() == NeighborConfig.GracefulRestartMode.ABLE;
    var addPath = offer.addPath();
    boolean receives =
        addPath == NeighborConfig.AddPathMode.BOTH || addPath == NeighborConfig.AddPathMode.RECEIVE;
    boolean sends =
        addPath == NeighborConfig.AddPathMode.BOTH || addPath == NeighborConfig.AddPathMode.SEND;
    return new BirdCapabilities(
        families,
        offer.refresh(),
        List.of(),
        offer.extendedMessage(),
        restarts
            ? Optional.of(
                new BirdCapabilities.Restart(
                    (int) offer.restartTime().toSeconds(),
                    false,
                    able ? families : List.of(),
                    List.of()))
            : Optional.empty(),
        offer.fourOctetAs(),
        receives ? families : List.of(),
        sends ? families : List.of(),
        offer.enhancedRefresh(),
        offer.longLived() && restarts
            ? Optional.of(
                new BirdCapabilities.LongLived(
                    List.of(), List.of(), (int) offer.staleTime().toSeconds()))
            : Optional.empty());
  }

  private static String name(AfiSafi family) {
    return family.afi() == 1 ? "ipv4" : "ipv6";
  }

  private static BirdCapabilities capabilities(List<Capability> all) {
    return new BirdCapabilities(
        some(all, Capability.Multiprotocol.class).map(m -> name(m.family())).toList(),
        some(all, Capability.RouteRefresh.class).findAny().isPresent(),
        some(all, Capability.ExtendedNextHop.class)
            .flatMap(e -> e.tuples().stream())
            .map(tuple -> name(tuple.family()))
            .toList(),
        some(all, Capability.ExtendedMessage.class).findAny().isPresent(),
        some(all, Capability.GracefulRestart.class).findFirst().map(NodeSessions::restart),
        some(all, Capability.FourOctetAs.class).findAny().isPresent(),
        addPath(all, Capability.AddPath.RECEIVE),
        addPath(all, Capability.AddPath.SEND),
        some(all, Capability.EnhancedRefresh.class).findAny().isPresent(),
        some(all, Capability.LongLivedGracefulRestart.class)
            .findFirst()
            .map(NodeSessions::longLived));
  }

  private static <C extends Capability> java.util.stream.Stream<C> some(
      List<Capability> all, Class<C> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast);
  }

  private static List<String> addPath(List<Capability> all, int mode) {
    return some(all, Capability.AddPath.class)
        .flatMap(a -> a.families().stream())
        .filter(family -> (family.mode() & mode) != 0)
        .map(family -> name(family.family()))
        .toList();
  }

  private static BirdCapabilities.Restart restart(Capability.GracefulRestart r) {
    return new BirdCapabilities.Restart(
        r.time(),
        r.restarting(),
        r.families().stream().map(f -> name(f.family())).toList(),
        r.families().stream()
            .filter(Capability.GracefulRestart.RestartFamily::forwarding)
            .map(f -> name(f.family()))
            .toList());
  }

  private static BirdCapabilities.LongLived longLived(Capability.LongLivedGracefulRestart r) {
    return new BirdCapabilities.LongLived(
        r.families().stream().map(f -> name(f.family())).toList(),
        r.families().stream()
            .filter(Capability.LongLivedGracefulRestart.LongLivedFamily::forwarding)
            .map(f -> name(f.family()))
            .toList(),
        r.families().stream().mapToInt(f -> f.staleTime()).max().orElse(0));
  }
}
