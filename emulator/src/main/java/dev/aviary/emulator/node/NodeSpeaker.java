package dev.aviary.emulator.node;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.SpeakerEvent;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.Cidr;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A node's speaker for one family: what is bird and bird6 on a real node. It follows what was
 * decided: a neighbor whose configuration did not change keeps its session, and so does one that
 * only its policies changed for.
 */
final class NodeSpeaker {
  private static final int REMEMBERED = 500;

  private final Kernel kernel;
  private final NextHops nextHops;
  private final BgpAddresses addresses;
  private final NodeTime time;
  private final SequencedMap<String, PlannedPeer> peers = new LinkedHashMap<>();
  private final Map<String, Policies> policies = new HashMap<>();
  private final SequencedMap<String, NeighborConfig> visitors = new LinkedHashMap<>();
  private final Set<Prefix> originated = new LinkedHashSet<>();
  private final Deque<SpeakerEvent> events = new ArrayDeque<>();
  private NodeBgp bgp;
  private final Set<DaemonPart> stopped = EnumSet.noneOf(DaemonPart.class);
  private List<Object> known;
  private KernelProtocol kernelProtocol;
  private BgpSpeaker speaker;

  NodeSpeaker(NodeBgp bgp, Kernel kernel, BgpAddresses addresses, NodeTime time) {
    this.bgp = bgp;
    this.kernel = kernel;
    this.nextHops = new NextHops(kernel);
    this.known = nextHops.known();
    this.addresses = addresses;
    this.time = time;
    this.kernelProtocol = new KernelProtocol(kernel, nextHops, this::isRejected, this::isTunnelled);
    this.speaker =
        new BgpSpeaker(config(bgp, nextHops, addresses), time.transport(), time.scheduler());
    speaker.listener(kernelProtocol);
    speaker.watcher(this::remember);
  }

  /** What is taken from a peer, and what it is told. */
  private record Policies(NamedPolicy in, NamedPolicy out) {}

  private void remember(SpeakerEvent event) {
    events.addLast(event);
    if (events.size() > REMEMBERED) {
      events.removeFirst();
    }
  }

  /** The last things that happened to its sessions, the oldest first. */
  List<SpeakerEvent> events() {
    return List.copyOf(events);
  }

  /** What a statement of the filter towards {@code peer} was made for. */
  String exportReason(String peer, int statement) {
    return reason(Optional.ofNullable(policies.get(peer)).map(Policies::out), statement);
  }

  /** What a statement of the filter for what {@code peer} tells was made for. */
  String importReason(String peer, int statement) {
    return reason(Optional.ofNullable(policies.get(peer)).map(Policies::in), statement);
  }

  private static String reason(Optional<NamedPolicy> policy, int statement) {
    return policy.map(named -> named.reason(statement)).orElse("statement " + statement);
  }

  Optional<CalicoNode.Reach> reach(IpAddress nextHop) {
    return nextHops.resolve(nextHop).map(hop -> new CalicoNode.Reach(hop.gateway(), hop.device()));
  }

  /** What became of the best route to {@code prefix} in the kernel. */
  String kernelDecision(Prefix prefix) {
    if (tunnels().isVxlan(prefix)) {
      return "kept out of the kernel: VXLAN routes are handled by Felix";
    }
    var service = serviceAround(prefix);
    if (service.isPresent()) {
      return "kept out of the kernel: a service prefix (calico_kernel_programming), inside "
          + service.get();
    }
    return kernelProtocol
        .programmed(prefix)
        .map(route -> "in the kernel as: " + route)
        .orElse("not in the kernel");
  }

  boolean isRejected(Prefix prefix) {
    return serviceAround(prefix).isPresent() || tunnels().isVxlan(prefix);
  }

  private Optional<Prefix> serviceAround(Prefix prefix) {
    return bgp.rejected().stream()
        .map(Cidr::prefix)
        .filter(around -> around.contains(prefix.address()) && around.length() <= prefix.length())
        .findFirst();
  }

  private boolean isTunnelled(Prefix prefix, IpAddress nextHop) {
    return tunnels().isIpip(prefix, nextHop);
  }

  private PoolTunnels tunnels() {
    return new PoolTunnels(bgp.pools(), bgp.network());
  }

  private static PeeringPlan plan(NodeBgp bgp) {
    return bgp.plan()
        .orElseThrow(() -> new IllegalArgumentException(bgp.own().name() + " has no address"));
  }

  private static SpeakerConfig config(NodeBgp bgp, NextHops nextHops, BgpAddresses addresses) {
    var plan = plan(bgp);
    var builder =
        SpeakerConfig.builder(
                bgp.own().name(), AsNumber.of(plan.as()), BgpIdentifier.of(bgp.routerId()))
            .behavior(bgp.own().behavior())
            .resolver(nextHops);
    switch (plan.address()) {
      case Ipv4Address v4 -> builder.ipv4(v4);
      case Ipv6Address v6 -> builder.ipv6(v6);
    }
    // BIRD takes the cluster id from the session; ours has one for all of them.
    if (!bgp.own().routeReflectorClusterId().isEmpty()) {
      builder.clusterId(BgpIdentifier.of(bgp.own().routeReflectorClusterId()));
    }
    addresses.of(plan.address()).ifPresent(builder::listen);
    return builder.build();
  }

  NodeBgp bgp() {
    return bgp;
  }

  /** Starts listening, with the sessions of the plan. */
  void start(Consumer<BgpSpeaker.Started> outcome) {
    configure();
    advertise();
    speaker.start(outcome);
  }

  /**
   * Follows {@code next}. Who it is and where it listens cannot change under a session: a speaker
   * that is told another AS, address or identifier starts anew.
   */
  void follow(NodeBgp next) {
    var before = bgp;
    bgp = next;
    if (!config(before, nextHops, addresses).equals(config(next, nextHops, addresses))) {
      startAnew();
      return;
    }
    configure();
    advertise();
    if (!before.rejected().equals(next.rejected()) || !before.pools().equals(next.pools())) {
      kernelProtocol.programAll();
    }
  }

  /** As BIRD's device and kernel protocols when netlink tells them of a change. */
  void scan() {
    if (stopped.contains(DaemonPart.DEVICE)) {
      return;
    }
    var now = nextHops.known();
    if (!now.equals(known)) {
      known = now;
      speaker.nextHopsChanged();
      kernelProtocol.programAll();
    }
  }

  private void startAnew() {
    var old = speaker;
    kernelProtocol.forget();
    kernelProtocol = new KernelProtocol(kernel, nextHops, this::isRejected, this::isTunnelled);
    if (stopped.contains(DaemonPart.KERNEL)) {
      kernelProtocol.pause();
    }
    peers.clear();
    policies.clear();
    originated.clear();
    var next = new BgpSpeaker(config(bgp, nextHops, addresses), time.transport(), time.scheduler());
    next.listener(kernelProtocol);
    next.watcher(this::remember);
    speaker = next;
    configure();
    visitors.values().forEach(next::add);
    advertise();
    old.stop(next::start);
  }

  private void configure() {
    var filters = new BgpPolicies(bgp, nextHops);
    var wanted = new LinkedHashMap<String, PlannedPeer>();
    for (var peer : plan(bgp).peers()) {
      if (peer.as() != 0) {
        wanted.put(peer.protocolName(), peer);
      }
    }
    for (var name : List.copyOf(peers.keySet())) {
      if (!wanted.containsKey(name)) {
        speaker.remove(name);
        peers.remove(name);
        policies.remove(name);
      }
    }
    wanted.forEach(
        (name, peer) -> {
          var both = new Policies(filters.importsFrom(peer), filters.exportsTo(peer));
          policies.put(name, both);
          speaker.change(neighbor(peer, both));
          peers.put(name, peer);
        });
  }

  /** Stops or starts a part of the daemon, as an operator does at its socket. */
  void run(DaemonPart part, boolean runs) {
    if (runs ? !stopped.remove(part) : !stopped.add(part)) {
      return;
    }
    switch (part) {
      case STATIC -> advertise();
      case KERNEL -> {
        nextHops.learned(runs);
        if (runs) {
          kernelProtocol.resume();
        } else {
          kernelProtocol.pause();
        }
        speaker.nextHopsChanged();
      }
      case DIRECT -> {
        nextHops.direct(runs);
        speaker.nextHopsChanged();
        kernelProtocol.programAll();
      }
      case DEVICE -> {
        if (runs) {
          scan();
        }
      }
    }
  }

  /** Announces blocks and services, and withdraws what is announced no more. */
  private void advertise() {
    var wanted = new LinkedHashSet<Prefix>();
    for (var block : bgp.blocks()) {
      if (block.hasRoute()) {
        wanted.add(block.cidr().prefix());
      }
    }
    bgp.staticRoutes().forEach(cidr -> wanted.add(cidr.prefix()));
    if (stopped.contains(DaemonPart.STATIC)) {
      wanted.clear();
    }
    for (var prefix : new ArrayList<>(originated)) {
      if (!wanted.contains(prefix)) {
        speaker.withdraw(prefix);
        originated.remove(prefix);
      }
    }
    for (var prefix : wanted) {
      if (originated.add(prefix)) {
        speaker.originate(prefix, PathAttributes.of(new PathAttribute.OriginAttribute(Origin.IGP)));
      }
    }
  }

  private NeighborConfig neighbor(PlannedPeer peer, Policies both) {
    var options = peer.options();
    var builder =
        NeighborConfig.builder(peer.protocolName(), peer.address(), AsNumber.of(peer.as()))
            .timers(timers(options))
            .families(AfiSafi.unicast(bgp.family()))
            .addPath(NeighborConfig.AddPathMode.BOTH)
            .gracefulRestart(NeighborConfig.GracefulRestartMode.ABLE)
            .importPolicy(both.in().policy())
            .exportPolicy(both.out().policy())
            .multihop(true)
            .passive(peer.passive())
            .reflectorClient(peer.reflectorClient())
            .allowOwnAs(options.allowedLocalAs());
    if (peer.keepNextHop()) {
      builder.nextHop(NextHopRule.KEEP);
    } else if (peer.selfNextHop()) {
      builder.nextHop(NextHopRule.SELF);
    }
    options.restartSeconds().map(Duration::ofSeconds).ifPresent(builder::restartTime);
    options.localAs().map(AsNumber::of).ifPresent(builder::localAs);
    options.password().ifPresent(builder::password);
    options.ttlSecurity().ifPresent(builder::gtsm);
    dialAddress(peer).ifPresent(builder::dial);
    if (options.bindNodeIp()) {
      addresses
          .of(plan(bgp).address())
          .ifPresent(own -> builder.source(new InetSocketAddress(own.getAddress(), 0)));
    }
    return builder.build();
  }

  private static NeighborConfig.Timers timers(PeeringPlan.Options options) {
    var usual = NeighborConfig.Timers.CALICO;
    return options
        .keepaliveSeconds()
        .map(seconds -> usual.withKeepalive(Duration.ofSeconds(seconds)))
        .orElse(usual);
  }

  /** Nodes are dialled at their stand-ins; whoever is outside, where the resources say. */
  private Optional<InetSocketAddress> dialAddress(PlannedPeer peer) {
    return addresses
        .of(peer.address(), peer.dialPort())
        .or(() -> Optional.of(new InetSocketAddress(peer.address().toString(), peer.dialPort())));
  }

  /** Lets another BGP router be a neighbor beside those of the plan. */
  void addVisitor(NeighborConfig neighbor) {
    visitors.put(neighbor.name(), neighbor);
    speaker.add(neighbor);
  }

  /** For an operator at the daemon's control socket. */
  BgpSpeaker speaker() {
    return speaker;
  }

  void stop(Runnable done) {
    speaker.stop(done);
  }

  SpeakerView view() {
    return speaker.view();
  }

  /** The plan's peers by BIRD's name. */
  Map<String, PlannedPeer> peersByName() {
    return new LinkedHashMap<>(peers);
  }
}
