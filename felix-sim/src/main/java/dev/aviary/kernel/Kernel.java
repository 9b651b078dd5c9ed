package dev.aviary.kernel;

import dev.aviary.kernel.conntrack.Conntrack;
import dev.aviary.kernel.conntrack.Translation;
import dev.aviary.kernel.ipset.IpSetException;
import dev.aviary.kernel.ipset.IpSets;
import dev.aviary.kernel.netfilter.Environment;
import dev.aviary.kernel.netfilter.Netfilter;
import dev.aviary.kernel.netfilter.RuleException;
import dev.aviary.kernel.netfilter.RuleTraces;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.route.Fib;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteChange;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One host's network stack, or one network namespace: a pod is a kernel of its own. */
public final class Kernel {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String hostName;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Fib fib = new Fib();
  private final Sysctls sysctls = new Sysctls();
  private final NeighborTable neighbors;
  private final Links links;
  private final IpSets ipSets;
  private final Conntrack conntrack;
  private final Translation translation;
  private final Map<IpFamily, Netfilter> netfilters = new EnumMap<>(IpFamily.class);
  private final Sockets sockets = new Sockets();
  private final Counters counters = new Counters();
  private final Captures captures = new Captures();
  private final Monitors monitors = new Monitors();
  private final RuleTraces ruleTraces = new RuleTraces();
  private final List<LogLine> log = new ArrayList<>();
  private final Instant boot;
  private final Routing routing;
  private final Hooks hooks;
  private final Ingress ingress;
  private final Egress egress;
  private final Tunnels tunnels;
  private final Fragments fragments;
  private final PathMtus pathMtus;
  private final NeighborResolver resolver;
  private final IcmpErrors errors;
  private final LocalDelivery delivery;

  /**
   * A host with a loopback device and nothing else.
   *
   * @param clock what timeouts are measured by
   * @param random where ports and the choices of {@code statistic} come from
   */
  public Kernel(String hostName, InstantSource clock, RandomGenerator random) {
    this.hostName = hostName;
    this.clock = clock;
    this.boot = clock.instant();
    this.random = random;
    this.neighbors = new NeighborTable(clock);
    this.links = new Links(this, fib, sysctls);
    sysctls.onChange(links::applyIpv6);
    this.ipSets = new IpSets(clock, random);
    this.conntrack = new Conntrack(clock, sysctls::conntrack);
    this.translation = new Translation(conntrack, random);
    this.routing = new Routing(this);
    var environment =
        new Environment(
            routing, ipSets, conntrack, translation, clock, random, this::log, ruleTraces);
    for (var family : IpFamily.values()) {
      netfilters.put(family, new Netfilter(family, environment));
    }
    ipSets.countReferencesBy(
        set -> netfilters.values().stream().mapToInt(n -> n.setReferences(set)).sum());
    this.hooks = new Hooks(this);
    this.ingress = new Ingress(this);
    this.egress = new Egress(this);
    this.tunnels = new Tunnels(this);
    this.fragments = new Fragments(this);
    this.pathMtus = new PathMtus(clock);
    this.resolver = new NeighborResolver(this);
    this.errors = new IcmpErrors(this);
    this.delivery = new LocalDelivery(this);
  }

  public String hostName() {
    return hostName;
  }

  public InstantSource clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  public Links links() {
    return links;
  }

  public Fib fib() {
    return fib;
  }

  public Sysctls sysctls() {
    return sysctls;
  }

  public NeighborTable neighbors() {
    return neighbors;
  }

  public IpSets ipSets() {
    return ipSets;
  }

  public Conntrack conntrack() {
    return conntrack;
  }

  public Sockets sockets() {
    return sockets;
  }

  public Counters counters() {
    return counters;
  }

  public Captures captures() {
    return captures;
  }

  /** The commands that follow what happens here. */
  public Monitors monitors() {
    return monitors;
  }

  /** What traced packets meet, as nf_tables tells of it. */
  public RuleTraces ruleTraces() {
    return ruleTraces;
  }

  /** The lines that LOG and TRACE wrote, as dmesg has them, without time stamps. */
  public List<String> log() {
    return log.stream().map(LogLine::text).toList();
  }

  /** The log as dmesg prints it, with the seconds since this kernel started. */
  public List<String> dmesg() {
    return log.stream().map(line -> line.dmesg(boot)).toList();
  }

  private void log(String text) {
    log.add(new LogLine(clock.instant(), text));
  }

  private record LogLine(Instant time, String text) {
    String dmesg(Instant boot) {
      var since = Duration.between(boot, time);
      return String.format(
          Locale.ROOT, "[%5d.%06d] %s", since.toSeconds(), since.toNanosPart() / 1000, text);
    }
  }

  /** Empties the log, as {@code dmesg -C} does. */
  public void clearLog() {
    log.clear();
  }

  /** The tables of one family. */
  public Netfilter netfilter(IpFamily family) {
    var found = netfilters.get(family);
    if (found == null) {
      throw new IllegalStateException("no tables of " + family);
    }
    return found;
  }

  Translation translation() {
    return translation;
  }

  Routing routing() {
    return routing;
  }

  Hooks hooks() {
    return hooks;
  }

  Ingress ingress() {
    return ingress;
  }

  Egress egress() {
    return egress;
  }

  Fragments fragments() {
    return fragments;
  }

  PathMtus pathMtus() {
    return pathMtus;
  }

  Tunnels tunnels() {
    return tunnels;
  }

  NeighborResolver resolver() {
    return resolver;
  }

  IcmpErrors errors() {
    return errors;
  }

  LocalDelivery delivery() {
    return delivery;
  }

  int nextPacketId() {
    return random.nextInt(65536);
  }

  int defaultTtl() {
    return sysctls.number("net.ipv4.ip_default_ttl");
  }

  /**
   * Adds a route as {@code ip route add} does: its devices must be up and its gateways on a link.
   */
  public RouteChange addRoute(KernelRoute route) {
    var refusal = check(route);
    return refusal.isDone() ? fib.add(route) : refusal;
  }

  /** As {@link #addRoute}, but takes the place of one of the same prefix and metric. */
  public RouteChange replaceRoute(KernelRoute route) {
    var refusal = check(route);
    return refusal.isDone() ? fib.replace(route) : refusal;
  }

  private RouteChange check(KernelRoute route) {
    for (var hop : route.nextHops()) {
      var link = links.byName(hop.device());
      if (link == null) {
        return RouteChange.NO_DEVICE;
      }
      if (!link.isUp()) {
        return RouteChange.NETWORK_DOWN;
      }
      var gateway = hop.gateway();
      if (gateway == null || hop.onlink()) {
        continue;
      }
      var way = routing.output(gateway, null, 0, 0, hop.device()).decision();
      boolean direct =
          way instanceof RouteDecision.Forward forward
              && forward.route().gateway() == null
              && forward.device() == link;
      if (!direct && gateway.family() == IpFamily.IPV4) {
        return RouteChange.NEXTHOP_INVALID;
      }
    }
    return RouteChange.DONE;
  }

  /** Says that rules changed by other ways than {@link #iptablesRestore}. */
  public void rulesChanged() {
    boolean needed = netfilters.values().stream().anyMatch(Netfilter::needsConntrack);
    conntrack.setActive(needed);
  }

  /**
   * Loads what {@code iptables-restore} reads, whole or not at all.
   *
   * @param noFlush true to keep what the text does not name
   */
  public void iptablesRestore(IpFamily family, String text, boolean noFlush)
      throws RestoreException {
    try {
      netfilter(family).restore(text, noFlush);
    } catch (RuleException e) {
      throw new RestoreException(e.line(), String.valueOf(e.getMessage()));
    } finally {
      rulesChanged();
    }
  }

  /** Loads what {@code ipset restore} reads, whole or not at all. */
  public void ipsetRestore(String text) throws RestoreException {
    try {
      ipSets.restore(text);
    } catch (IpSetException e) {
      throw new RestoreException(e.line(), "ipset v7.17: " + e.getMessage());
    }
  }

  /**
   * What {@code iptables-save} prints; one table only where {@code table} is named.
   *
   * @throws IllegalArgumentException if there is no table of that name
   */
  public String iptablesSave(IpFamily family, @Nullable String table) {
    TableName name = null;
    if (table != null) {
      name =
          TableName.parse(table)
              .orElseThrow(() -> new IllegalArgumentException("no table " + table));
    }
    return iptablesSave(family, name, false);
  }

  /** As {@link #iptablesSave(IpFamily, String)}, with the counters of rules where asked for. */
  public String iptablesSave(IpFamily family, @Nullable TableName table, boolean counters) {
    var tool = family == IpFamily.IPV4 ? "iptables-save" : "ip6tables-save";
    var tables = netfilter(family);
    return tables.save(table, counters, tool + " v" + tables.release().version(), date());
  }

  /** The time as iptables-save prints it. */
  public String date() {
    return DATE.format(clock.instant());
  }

  /** What {@code ipset save} prints. */
  public String ipsetSave() {
    try {
      return ipSets.save(null);
    } catch (IpSetException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts a packet on a link as a raw socket does, past every hook of this host. */
  public void inject(String link, MacAddress destination, Packet packet, PacketWalk walk) {
    var from = links.get(link);
    walk.transmit(from, new Frame.Ip(from.mac(), destination, packet), walk.begin(packet, null));
    walk.run();
  }

  @Override
  public String toString() {
    return hostName;
  }
}
