package dev.aviary.bgp;

import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.Endpoint;
import dev.aviary.bgp.NeighborConfig.Exchange;
import dev.aviary.bgp.NeighborConfig.GracefulRestartMode;
import dev.aviary.bgp.NeighborConfig.MaximumPrefixes;
import dev.aviary.bgp.NeighborConfig.Offer;
import dev.aviary.bgp.NeighborConfig.Timers;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.transport.WireOptions;
import dev.aviary.net.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Collects what of a neighbor differs from BIRD's defaults. */
public final class NeighborBuilder {
  private static final int MULTIHOP_TTL = 64;
  private static final int GTSM_TTL = 255;

  private final String name;
  private final IpAddress address;
  private final AsNumber as;
  private Optional<AsNumber> localAs = Optional.empty();
  private Optional<InetSocketAddress> dial = Optional.empty();
  private Optional<InetSocketAddress> source = Optional.empty();
  private Optional<InetAddress> from = Optional.empty();
  private boolean passive;
  private Timers timers = Timers.BIRD;
  private boolean capabilities = true;
  private Set<AfiSafi> families = Set.of(AfiSafi.IPV4_UNICAST);
  private boolean fourOctetAs = true;
  private boolean refresh = true;
  private boolean enhancedRefresh = true;
  private boolean extendedMessage;
  private boolean extendedNextHop;
  private AddPathMode addPath = AddPathMode.OFF;
  private GracefulRestartMode gracefulRestart = GracefulRestartMode.AWARE;
  private boolean notificationRestart;
  private Duration restartTime = Duration.ofMinutes(2);
  private boolean longLived = true;
  private Duration staleTime = Duration.ZERO;
  private Duration helperStaleTime = Duration.ZERO;
  private OptionalInt role = OptionalInt.empty();
  private boolean strictRole;
  private Optional<Policy> importPolicy = Optional.empty();
  private Optional<Policy> exportPolicy = Optional.empty();
  private NextHopRule nextHop = NextHopRule.STANDARD;
  private boolean multihop = true;
  private boolean reflectorClient;
  private Optional<BgpIdentifier> clusterId = Optional.empty();
  private int allowOwnAs;
  private Optional<MaximumPrefixes> maximum = Optional.empty();
  private boolean denyWithoutPolicy;
  private OptionalInt ttl = OptionalInt.empty();
  private OptionalInt minimumTtl = OptionalInt.empty();
  private Optional<String> password = Optional.empty();

  NeighborBuilder(String name, IpAddress address, AsNumber as) {
    this.name = name;
    this.address = address;
    this.as = as;
  }

  public NeighborBuilder localAs(AsNumber value) {
    localAs = Optional.of(value);
    return this;
  }

  /** Where to connect to. */
  public NeighborBuilder dial(InetSocketAddress value) {
    dial = Optional.of(value);
    return this;
  }

  /** What to bind when connecting; port 0 for any. */
  public NeighborBuilder source(InetSocketAddress value) {
    source = Optional.of(value);
    return this;
  }

  /** Where its connections come from, if not from where it is dialled. */
  public NeighborBuilder from(InetAddress value) {
    from = Optional.of(value);
    return this;
  }

  public NeighborBuilder passive(boolean value) {
    passive = value;
    return this;
  }

  public NeighborBuilder timers(Timers value) {
    timers = value;
    return this;
  }

  public NeighborBuilder capabilities(boolean value) {
    capabilities = value;
    return this;
  }

  public NeighborBuilder families(AfiSafi... values) {
    families = Set.of(values);
    return this;
  }

  public NeighborBuilder fourOctetAs(boolean value) {
    fourOctetAs = value;
    return this;
  }

  public NeighborBuilder refresh(boolean value) {
    refresh = value;
    return this;
  }

  public NeighborBuilder enhancedRefresh(boolean value) {
    enhancedRefresh = value;
    return this;
  }

  public NeighborBuilder extendedMessage(boolean value) {
    extendedMessage = value;
    return this;
  }

  public NeighborBuilder extendedNextHop(boolean value) {
    extendedNextHop = value;
    return this;
  }

  public NeighborBuilder addPath(AddPathMode value) {
    addPath = value;
    return this;
  }

  public NeighborBuilder gracefulRestart(GracefulRestartMode value) {
    gracefulRestart = value;
    return this;
  }

  /** RFC 8538: keep routes over a NOTIFICATION too. */
  public NeighborBuilder notificationRestart(boolean value) {
    notificationRestart = value;
    return this;
  }

  public NeighborBuilder restartTime(Duration value) {
    restartTime = value;
    return this;
  }

  /** RFC 9494; see {@link Offer}. */
  public NeighborBuilder longLived(boolean offered, Duration ours, Duration helper) {
    longLived = offered;
    staleTime = ours;
    helperStaleTime = helper;
    return this;
  }

  /** RFC 9234; a strict one insists on the neighbor's. */
  public NeighborBuilder role(int value, boolean strict) {
    role = OptionalInt.of(value);
    strictRole = strict;
    return this;
  }

  public NeighborBuilder importPolicy(Policy value) {
    importPolicy = Optional.of(value);
    return this;
  }

  public NeighborBuilder exportPolicy(Policy value) {
    exportPolicy = Optional.of(value);
    return this;
  }

  public NeighborBuilder nextHop(NextHopRule value) {
    nextHop = value;
    return this;
  }

  /** False: it is on a common subnet, and packets to it have a TTL of 1. */
  public NeighborBuilder multihop(boolean value) {
    multihop = value;
    return this;
  }

  public NeighborBuilder reflectorClient(boolean value) {
    reflectorClient = value;
    return this;
  }

  /** BIRD's {@code rr cluster id}. */
  public NeighborBuilder clusterId(BgpIdentifier value) {
    clusterId = Optional.of(value);
    return this;
  }

  public NeighborBuilder allowOwnAs(int value) {
    allowOwnAs = value;
    return this;
  }

  public NeighborBuilder maximum(MaximumPrefixes value) {
    maximum = Optional.of(value);
    return this;
  }

  public NeighborBuilder denyWithoutPolicy(boolean value) {
    denyWithoutPolicy = value;
    return this;
  }

  public NeighborBuilder ttl(int value) {
    ttl = OptionalInt.of(value);
    return this;
  }

  /** RFC 5082: it is at most {@code hops} away; packets that came further are dropped. */
  public NeighborBuilder gtsm(int hops) {
    ttl = OptionalInt.of(GTSM_TTL);
    minimumTtl = OptionalInt.of(GTSM_TTL - hops + 1);
    return this;
  }

  /** RFC 2385. */
  public NeighborBuilder password(String value) {
    password = Optional.of(value);
    return this;
  }

  public NeighborConfig build() {
    var packets = ttl.isPresent() ? ttl : OptionalInt.of(multihop ? MULTIHOP_TTL : 1);
    return new NeighborConfig(
        name,
        address,
        as,
        localAs,
        new Endpoint(dial, source, from, passive || dial.isEmpty()),
        timers,
        new Offer(
            capabilities,
            families,
            fourOctetAs,
            refresh,
            enhancedRefresh,
            extendedMessage,
            extendedNextHop,
            addPath,
            gracefulRestart,
            notificationRestart,
            restartTime,
            longLived,
            staleTime,
            helperStaleTime,
            role,
            strictRole),
        new Exchange(
            importPolicy,
            exportPolicy,
            nextHop,
            multihop,
            reflectorClient,
            clusterId,
            allowOwnAs,
            maximum,
            denyWithoutPolicy),
        new WireOptions(packets, minimumTtl, password));
  }
}
