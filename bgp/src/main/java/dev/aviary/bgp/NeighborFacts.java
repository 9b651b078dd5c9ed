package dev.aviary.bgp;

import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.Capability.LongLivedGracefulRestart;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.rib.RouteDissemination;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Peer;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.bgp.session.Session;
import dev.aviary.bgp.session.SessionConfig;
import dev.aviary.bgp.session.SessionFault;
import dev.aviary.bgp.session.SessionState;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What follows from the configuration of a speaker and of one of its neighbors. */
final class NeighborFacts {
  private NeighborFacts() {}

  static boolean isInternal(NeighborConfig config, AsNumber localAs) {
    return localAs.equals(config.as());
  }

  /** The neighbor as route selection sees it. */
  static RouteSource source(NeighborConfig config, AsNumber localAs, BgpIdentifier identifier) {
    return new RouteSource.Learned(
        new Peer(
            config.name(),
            config.address(),
            config.as(),
            identifier,
            isInternal(config, localAs),
            config.exchange().reflectorClient()));
  }

  static ImportRules importRules(SpeakerConfig about, NeighborConfig config, AsNumber localAs) {
    var own = new HashSet<IpAddress>();
    about.ipv4().ifPresent(own::add);
    about.ipv6().ifPresent(own::add);
    about
        .listen()
        .map(InetSocketAddress::getAddress)
        .filter(address -> !address.isAnyLocalAddress())
        .ifPresent(address -> own.add(IpAddress.of(address.getAddress())));
    boolean internal = isInternal(config, localAs);
    return new ImportRules(
        about.behavior(),
        localAs,
        about.identifier(),
        config.exchange().clusterId().orElse(about.clusterId()),
        internal,
        config.exchange().reflectorClient(),
        config.exchange().allowOwnAs(),
        Set.copyOf(own),
        config.address().isLoopback(),
        config.as(),
        internal ? OptionalInt.empty() : config.offer().role());
  }

  static SessionConfig sessionConfig(
      BgpSpeaker speaker, NeighborConfig config, AsNumber localAs, boolean plainOpen) {
    var timers = config.timers();
    var about = speaker.config();
    return new SessionConfig(
        about.behavior(),
        localAs,
        config.as(),
        OpenOffer.open(
            config,
            localAs,
            about.identifier(),
            about.behavior(),
            speaker.isRestarting(),
            plainOpen),
        config.offer().families(),
        config.endpoint().passive(),
        timers.connectDelay(),
        timers.connectRetry(),
        timers.openDelay(),
        timers.keepalive(),
        timers.errorWaitMin(),
        timers.errorWaitMax(),
        timers.errorForget(),
        config.offer().role(),
        config.offer().strictRole());
  }

  /** Where its connections come from. */
  static InetAddress from(NeighborConfig config) {
    var endpoint = config.endpoint();
    return endpoint
        .from()
        .or(() -> endpoint.dial().map(InetSocketAddress::getAddress))
        .orElseGet(() -> inetAddress(config.address()));
  }

  private static InetAddress inetAddress(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.octets());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of neither 4 nor 16 octets", e);
    }
  }

  /** What makes it be told the same as others. */
  static UpdateGroup.Key groupKey(
      SpeakerConfig about,
      Neighbor neighbor,
      AfiSafi family,
      SessionOptions options,
      Policy export) {
    var exchange = neighbor.config().exchange();
    var rules =
        new RouteDissemination(
            about.behavior(),
            neighbor.localAs(),
            exchange.clusterId().orElse(about.clusterId()),
            neighbor.isInternal(),
            exchange.reflectorClient(),
            exchange.nextHop(),
            // Over IPv6 there is no such end; the identifier is an IPv4 address of the router.
            as(Ipv4Address.class, own(about.ipv4(), neighbor))
                .or(() -> Optional.of(Ipv4Address.of(about.identifier().toString()))),
            as(Ipv6Address.class, own(about.ipv6(), neighbor)),
            options.extendedNextHop().contains(family),
            !exchange.multihop(),
            options.peer(LongLivedGracefulRestart.class).isPresent(),
            neighbor.config().offer().role());
    return new UpdateGroup.Key(
        family,
        rules,
        export,
        options.fourOctetAs(),
        options.addPathSend().contains(family),
        options.messageLimit());
  }

  /**
   * Our address as a next hop over its session: what the speaker was given, or the session's own
   * end, as BIRD has it.
   */
  private static Optional<IpAddress> own(Optional<? extends IpAddress> given, Neighbor neighbor) {
    var wire = neighbor.wire();
    return given
        .<IpAddress>map(address -> address)
        .or(
            () ->
                Optional.ofNullable(wire)
                    .map(connected -> connected.local().getAddress())
                    .filter(address -> !address.isAnyLocalAddress())
                    .map(address -> IpAddress.of(address.getAddress())));
  }

  private static <T extends IpAddress> Optional<T> as(
      Class<T> family, Optional<IpAddress> address) {
    return address.filter(family::isInstance).map(family::cast);
  }

  /** Of two connections to one neighbor the one that has come further. */
  static Session further(Session session, @Nullable Session second) {
    return second != null && rank(second.state()) > rank(session.state()) ? second : session;
  }

  /** How far a session has come. */
  private static int rank(SessionState state) {
    return switch (state) {
      case SessionState.Idle _ -> 0;
      case SessionState.Active _ -> 1;
      case SessionState.Connect _ -> 2;
      case SessionState.OpenSent _ -> 3;
      case SessionState.OpenConfirm _ -> 4;
      case SessionState.Established _ -> 5;
    };
  }

  /** BIRD's word for it: Passive where it waits to be connected to. */
  static String sessionState(SessionState state, NeighborConfig config, boolean stopped) {
    if (stopped) {
      return "Down";
    }
    return state instanceof SessionState.Active && config.endpoint().passive()
        ? "Passive"
        : state.title();
  }

  /** RFC 8212: without a policy nothing passes between ASes, if that is asked for. */
  static Policy importPolicy(Neighbor neighbor) {
    return neighbor.config().exchange().importPolicy().orElseGet(() -> unsaid(neighbor));
  }

  static Policy exportPolicy(Neighbor neighbor) {
    return neighbor.config().exchange().exportPolicy().orElseGet(() -> unsaid(neighbor));
  }

  private static Policy unsaid(Neighbor neighbor) {
    return neighbor.config().exchange().denyWithoutPolicy() && !neighbor.isInternal()
        ? Policy.REJECT
        : Policy.ACCEPT;
  }

  /** True if the peer does not know capabilities, and could do without (RFC 5492 §3). */
  static boolean refusesCapabilities(SessionFault why, NeighborConfig config) {
    return why instanceof SessionFault.Received(var notification)
        && (notification.error().equals(Optional.of(BgpError.OPTIONAL_PARAMETER))
            || notification.error().equals(Optional.of(BgpError.CAPABILITY)))
        && config.as().fitsTwoOctets();
  }
}
