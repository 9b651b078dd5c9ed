package dev.aviary.bgp;

import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.KeepaliveMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.session.Negotiation;
import dev.aviary.bgp.session.SessionConfig;
import dev.aviary.bgp.session.VirtualScheduler;
import dev.aviary.bgp.transport.InProcessNetwork;
import dev.aviary.bgp.transport.InProcessTransport;
import dev.aviary.bgp.transport.RawPeer;
import dev.aviary.net.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One speaker in virtual time among peers that do what a test says. */
final class SpeakerLab {
  static final AfiSafi V4 = AfiSafi.IPV4_UNICAST;
  static final AfiSafi V6 = AfiSafi.IPV6_UNICAST;
  static final InetSocketAddress LISTEN = new InetSocketAddress(inet("10.0.0.1"), 179);

  final VirtualScheduler scheduler = new VirtualScheduler(Instant.parse("2022-05-01T11:15:14Z"));
  final InProcessNetwork network = new InProcessNetwork(scheduler);
  final BgpSpeaker speaker;

  SpeakerLab(SpeakerConfig config) {
    speaker =
        new BgpSpeaker(config, new InProcessTransport(network, LISTEN.getAddress()), scheduler);
    speaker.start();
    settle();
  }

  static SpeakerConfig.Builder config(long as, String identifier, Behavior behavior) {
    return SpeakerConfig.builder("r1", AsNumber.of(as), BgpIdentifier.of(identifier))
        .ipv4(dev.aviary.net.Ipv4Address.of("10.0.0.1"))
        .ipv6(dev.aviary.net.Ipv6Address.of("2001:db8:ffff::1"))
        .listen(LISTEN)
        .behavior(behavior);
  }

  static InetAddress inet(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }

  void settle() {
    advance(Duration.ofMillis(10));
  }

  void advance(Duration time) {
    scheduler.advance(time);
  }

  RawPeer connect(String from) {
    var peer =
        new RawPeer(
            new InProcessTransport(network, inet(from)),
            inet(from),
            LISTEN,
            SessionOptions.before(Behavior.RFC, AsNumber.of(1)));
    settle();
    return peer;
  }

  /** The OPEN of a peer that knows what is usual. */
  static OpenMessage open(long as, String identifier, Capability... more) {
    var capabilities = new ArrayList<Capability>();
    capabilities.add(new Capability.Multiprotocol(V4));
    capabilities.add(new Capability.Multiprotocol(V6));
    capabilities.add(new Capability.RouteRefresh());
    capabilities.add(new Capability.FourOctetAs(AsNumber.of(as)));
    capabilities.addAll(List.of(more));
    return OpenMessage.of(AsNumber.of(as), 90, BgpIdentifier.of(identifier), capabilities);
  }

  /** Brings a session up as far as {@code keepalive} says. */
  RawPeer connect(String from, OpenMessage open, boolean keepalive) {
    var peer = connect(from);
    peer.send(open);
    settle();
    var theirs = peer.last(OpenMessage.class).orElseThrow();
    var config =
        new SessionConfig(
            Behavior.RFC,
            open.as(),
            theirs.as(),
            open,
            Set.of(V4, V6),
            false,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            OptionalInt.empty(),
            false);
    switch (Negotiation.between(open, theirs, config)) {
      case Negotiation.Agreed(var options) -> peer.options(options);
      case Negotiation.Refused(var reply) -> throw new AssertionError(reply.describe());
    }
    if (keepalive) {
      peer.send(new KeepaliveMessage());
      settle();
    }
    return peer;
  }

  void neighbor(String address, long as, UnaryOperator<NeighborBuilder> more) {
    speaker.add(
        more.apply(
                NeighborConfig.builder(
                        "n" + address, dev.aviary.net.IpAddress.of(address), AsNumber.of(as))
                    .families(V4, V6))
            .build());
    settle();
  }

  List<RouteView> routes(AfiSafi family) {
    return speaker.view().routes(family);
  }

  boolean has(String prefix) {
    var wanted = Prefix.of(prefix);
    return routes(AfiSafi.unicast(wanted.family())).stream()
        .anyMatch(view -> view.route().prefix().equals(wanted));
  }
}
