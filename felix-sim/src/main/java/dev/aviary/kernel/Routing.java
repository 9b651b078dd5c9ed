package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.AddressType;
import dev.aviary.kernel.netfilter.RoutingView;
import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.route.FlowKey;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.NextHop;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import org.jspecify.annotations.Nullable;

/** Routing decisions of one kernel, for packets that come in and for packets made here. */
final class Routing implements RoutingView {
  private static final Ipv4Address LIMITED_BROADCAST = Ipv4Address.of("255.255.255.255");
  private static final Ipv4Address ALL_HOSTS = Ipv4Address.of("224.0.0.1");
  private static final int NET_UNREACHABLE = 0;
  private static final int HOST_UNREACHABLE = 1;
  private static final int ADMIN_PROHIBITED = 13;

  private final Kernel kernel;
  private final SourceAddresses sources;

  Routing(Kernel kernel) {
    this.kernel = kernel;
    this.sources = new SourceAddresses(kernel);
  }

  static IpAddress unspecified(IpFamily family) {
    return family == IpFamily.IPV4 ? Ipv4Address.UNSPECIFIED : Ipv6Address.UNSPECIFIED;
  }

  private static boolean isZeroNet(IpAddress address) {
    return address instanceof Ipv4Address v4 ? v4.bits() >>> 24 == 0 : address.isUnspecified();
  }

  /** Where a packet that came in by {@code in} goes (ip_route_input_slow). */
  RouteDecision input(Skb skb, Link in) {
    var packet = skb.packet();
    if (packet.family() == IpFamily.IPV6) {
      return input6(skb, in);
    }
    var source = packet.source();
    var destination = packet.destination();
    if (destination.isMulticast()) {
      return destination.equals(ALL_HOSTS)
          ? new RouteDecision.Local(null, true)
          : new RouteDecision.Fail(null, DropReason.MARTIAN_DESTINATION, -1);
    }
    if (source.isMulticast() || source.equals(LIMITED_BROADCAST)) {
      return new RouteDecision.Fail(null, DropReason.MARTIAN_SOURCE, -1);
    }
    if (destination.equals(LIMITED_BROADCAST)
        || (source.isUnspecified() && destination.isUnspecified())) {
      return isZeroNet(source) || validateSource(skb, in, null) >= 0
          ? new RouteDecision.Local(null, true)
          : new RouteDecision.Fail(null, DropReason.MARTIAN_SOURCE, -1);
    }
    if (isZeroNet(source)) {
      return new RouteDecision.Fail(null, DropReason.MARTIAN_SOURCE, -1);
    }
    if (isZeroNet(destination)) {
      return new RouteDecision.Fail(null, DropReason.MARTIAN_DESTINATION, -1);
    }
    if (!routeLocalnet(in)) {
      if (destination.isLoopback()) {
        return new RouteDecision.Fail(null, DropReason.MARTIAN_DESTINATION, -1);
      }
      if (source.isLoopback()) {
        return new RouteDecision.Fail(null, DropReason.MARTIAN_SOURCE, -1);
      }
    }
    return lookupInput(skb, in);
  }

  boolean routeLocalnet(Link link) {
    return (kernel.sysctls().all().routeLocalnet | link.conf().routeLocalnet) != 0;
  }

  private RouteDecision lookupInput(Skb skb, Link in) {
    var packet = skb.packet();
    var route =
        kernel
            .fib()
            .lookup(
                new FlowKey(
                    packet.destination(),
                    packet.source(),
                    in.name(),
                    null,
                    skb.mark(),
                    packet.tos()));
    boolean forwarding = in.conf().forwarding != 0;
    if (route == null || route.type().isError()) {
      return forwarding
          ? fail(route)
          : new RouteDecision.Fail(route, DropReason.NOT_FORWARDING, -1);
    }
    return switch (route.type()) {
      case BROADCAST ->
          validateSource(skb, in, null) >= 0
              ? new RouteDecision.Local(route, true)
              : new RouteDecision.Fail(route, DropReason.MARTIAN_SOURCE, -1);
      case LOCAL ->
          validateSource(skb, in, null) >= 0
              ? new RouteDecision.Local(route, false)
              : new RouteDecision.Fail(route, DropReason.MARTIAN_SOURCE, -1);
      case UNICAST -> {
        if (!forwarding) {
          yield new RouteDecision.Fail(route, DropReason.NOT_FORWARDING, -1);
        }
        yield forward(skb, in, route);
      }
      case ANYCAST, MULTICAST, BLACKHOLE, UNREACHABLE, PROHIBIT, THROW ->
          new RouteDecision.Fail(route, DropReason.MARTIAN_DESTINATION, -1);
    };
  }

  private RouteDecision forward(Skb skb, Link in, KernelRoute route) {
    var packet = skb.packet();
    var hop = pick(route, packet);
    var out = kernel.links().byName(hop.device());
    if (out == null || !out.isUp()) {
      return new RouteDecision.Fail(route, DropReason.LINK_DOWN, HOST_UNREACHABLE);
    }
    int valid = validateSource(skb, in, out);
    if (valid < 0) {
      return new RouteDecision.Fail(route, DropReason.MARTIAN_SOURCE, -1);
    }
    boolean redirect =
        out == in
            && valid > 0
            && (kernel.sysctls().all().sendRedirects | out.conf().sendRedirects) != 0;
    return new RouteDecision.Forward(route, out, nextHop(hop, packet), redirect);
  }

  static IpAddress nextHop(NextHop hop, Packet packet) {
    var gateway = hop.gateway();
    return gateway == null ? packet.destination() : gateway;
  }

  /** One of several next hops, by a hash over the addresses (policy 0: layer 3). */
  private static NextHop pick(KernelRoute route, Packet packet) {
    var hops = route.nextHops();
    if (hops.size() == 1) {
      return hops.getFirst();
    }
    int total = 0;
    for (var hop : hops) {
      total += hop.weight();
    }
    int hash = packet.source().hashCode() * 31 + packet.destination().hashCode();
    int chosen = Math.floorMod((hash ^ (hash >>> 16)) * 0x9E3779B9, total);
    for (var hop : hops) {
      chosen -= hop.weight();
      if (chosen < 0) {
        return hop;
      }
    }
    return hops.getLast();
  }

  private static RouteDecision fail(@Nullable KernelRoute route) {
    if (route == null) {
      return new RouteDecision.Fail(null, DropReason.NO_ROUTE, NET_UNREACHABLE);
    }
    return switch (route.type()) {
      case BLACKHOLE -> new RouteDecision.Fail(route, DropReason.BLACKHOLE, -1);
      case UNREACHABLE -> new RouteDecision.Fail(route, DropReason.UNREACHABLE, HOST_UNREACHABLE);
      case PROHIBIT -> new RouteDecision.Fail(route, DropReason.PROHIBITED, ADMIN_PROHIBITED);
      case UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, THROW ->
          new RouteDecision.Fail(route, DropReason.NO_ROUTE, NET_UNREACHABLE);
    };
  }

  /**
   * Checks the source of a packet that came in by {@code in} (fib_validate_source).
   *
   * @param out where it would leave, or null for local delivery
   * @return negative if it is refused, positive if the source is directly on {@code in}
   */
  private int validateSource(Skb skb, Link in, @Nullable Link out) {
    var all = kernel.sysctls().all();
    var conf = in.conf();
    int filter = Math.max(all.rpFilter, conf.rpFilter);
    boolean acceptLocal = (all.acceptLocal | conf.acceptLocal) != 0;
    var source = skb.packet().source();
    boolean redirects = (all.sendRedirects | conf.sendRedirects) != 0;
    if (filter == 0 && (out != in || !redirects)) {
      boolean own = kernel.links().owner(source) != null;
      return own && !acceptLocal ? -1 : 0;
    }
    boolean useMark = (all.srcValidMark | conf.srcValidMark) != 0;
    var route = reverse(skb, in, useMark ? skb.mark() : 0, null);
    if (route == null || route.type().isError()) {
      return filter == 0 ? 0 : -1;
    }
    if (route.type() != RouteType.UNICAST && (route.type() != RouteType.LOCAL || !acceptLocal)) {
      return -1;
    }
    if (route.uses(in.name())) {
      return route.gateway() == null ? 1 : 0;
    }
    if (in.addresses(IpFamily.IPV4).isEmpty()) {
      return filter == 0 ? 0 : -1;
    }
    return filter == 1 ? -1 : 0;
  }

  private @Nullable KernelRoute reverse(Skb skb, Link in, int mark, @Nullable String outDevice) {
    var packet = skb.packet();
    return kernel
        .fib()
        .lookup(
            new FlowKey(
                packet.source(), packet.destination(), in.name(), outDevice, mark, packet.tos()));
  }

  private RouteDecision input6(Skb skb, Link in) {
    var packet = skb.packet();
    if (packet.destination().isMulticast()) {
      return new RouteDecision.Local(null, true);
    }
    if (packet.source().isMulticast() || packet.source().isLoopback()) {
      return new RouteDecision.Fail(null, DropReason.MARTIAN_SOURCE, -1);
    }
    if (packet.destination().isLoopback()) {
      return new RouteDecision.Fail(null, DropReason.MARTIAN_DESTINATION, -1);
    }
    var route =
        kernel
            .fib()
            .lookup(
                new FlowKey(packet.destination(), packet.source(), in.name(), null, skb.mark(), 0));
    if (route != null && route.type() == RouteType.LOCAL) {
      return new RouteDecision.Local(route, false);
    }
    if (in.conf().forwarding6 == 0) {
      return new RouteDecision.Fail(route, DropReason.NOT_FORWARDING, -1);
    }
    if (route == null || route.type().isError()) {
      return fail6(route);
    }
    var hop = pick(route, packet);
    var out = kernel.links().byName(hop.device());
    if (out == null || !out.isUp()) {
      return new RouteDecision.Fail(route, DropReason.LINK_DOWN, NET_UNREACHABLE);
    }
    return new RouteDecision.Forward(route, out, nextHop(hop, packet), false);
  }

  /** ICMPv6 codes (RFC 4443 §3.1): 0 no route, 1 prohibited, 3 address unreachable. */
  private static RouteDecision fail6(@Nullable KernelRoute route) {
    if (route == null) {
      return new RouteDecision.Fail(null, DropReason.NO_ROUTE, 0);
    }
    return switch (route.type()) {
      case BLACKHOLE -> new RouteDecision.Fail(route, DropReason.BLACKHOLE, -1);
      case UNREACHABLE -> new RouteDecision.Fail(route, DropReason.UNREACHABLE, 0);
      case PROHIBIT -> new RouteDecision.Fail(route, DropReason.PROHIBITED, 1);
      case UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, THROW ->
          new RouteDecision.Fail(route, DropReason.NO_ROUTE, 0);
    };
  }

  /**
   * Where a packet made here goes, and with which source.
   *
   * @param source the source that was bound, or null to choose one
   */
  Output output(
      IpAddress destination, @Nullable IpAddress source, int mark, int tos, @Nullable String oif) {
    var family = destination.family();
    var key =
        new FlowKey(
            destination, source == null ? unspecified(family) : source, "lo", oif, mark, tos);
    if (destination.equals(LIMITED_BROADCAST) || destination.isMulticast()) {
      return outputGroup(destination, source, oif, key);
    }
    var route = kernel.fib().lookup(key);
    if (route == null || route.type().isError()) {
      var failed = family == IpFamily.IPV4 ? fail(route) : fail6(route);
      return new Output(failed, source);
    }
    if (route.type() == RouteType.LOCAL) {
      var chosen = source;
      if (chosen == null) {
        chosen = route.source() != null ? route.source() : destination;
        if (!destination.isLoopback() && kernel.links().owner(destination) != null) {
          chosen = destination;
        }
      }
      return new Output(new RouteDecision.Local(route, false), chosen);
    }
    var hop = pick(route, new Packet(key.source(), destination, 0));
    var link = kernel.links().byName(hop.device());
    if (link == null || !link.isUp()) {
      return new Output(new RouteDecision.Fail(route, DropReason.LINK_DOWN, 0), source);
    }
    var gateway = hop.gateway();
    var chosen = source != null ? source : sources.of(route, hop, link, destination);
    return new Output(
        new RouteDecision.Forward(route, link, gateway == null ? destination : gateway, false),
        chosen);
  }

  /** A decision with the source address that goes with it; null if no address was found. */
  record Output(RouteDecision decision, @Nullable IpAddress source) {}

  /** What fits into one packet that goes that way, in octets. */
  int mtu(Output route, IpAddress destination) {
    return switch (route.decision()) {
      case RouteDecision.Forward forward ->
          kernel.pathMtus().of(destination, forward.device().mtu());
      case RouteDecision.Local _ -> 65536;
      case RouteDecision.Fail _ -> 1500;
    };
  }

  private Output outputGroup(
      IpAddress destination, @Nullable IpAddress source, @Nullable String oif, FlowKey key) {
    Link link = oif == null ? null : kernel.links().byName(oif);
    if (link == null) {
      var route = kernel.fib().lookup(key);
      var device = route == null ? null : route.device();
      link = device == null ? null : kernel.links().byName(device);
    }
    if (link == null || !link.isUp()) {
      return new Output(fail(null), source);
    }
    var route = KernelRoute.on(destination.toPrefix(), link.name());
    var chosen = source != null ? source : sources.select(link, destination, RouteScope.LINK);
    return new Output(new RouteDecision.Forward(route, link, destination, false), chosen);
  }

  @Override
  public boolean reversePathOk(Skb skb, boolean loose, boolean validMark, boolean acceptLocal) {
    var device = skb.inDevice();
    var in = device == null ? null : kernel.links().byName(device);
    if (device == null || in == null || in instanceof Link.Loopback) {
      return true;
    }
    var source = skb.packet().source();
    if (skb.packet().family() == IpFamily.IPV4) {
      if (skb.packet().destination().isMulticast()
          || skb.packet().destination().equals(LIMITED_BROADCAST)) {
        if (source.isUnspecified()) {
          return true;
        }
      }
    } else if (source.isUnspecified() || source.isLinkLocal()) {
      return true;
    }
    var route = reverse(skb, in, validMark ? skb.mark() : 0, null);
    if (route == null || route.type().isError()) {
      return false;
    }
    if (route.type() != RouteType.UNICAST && (route.type() != RouteType.LOCAL || !acceptLocal)) {
      return false;
    }
    return loose || route.uses(device);
  }

  @Override
  public AddressType addressType(IpAddress address, @Nullable String device) {
    if (address.isUnspecified() || address.equals(LIMITED_BROADCAST)) {
      return AddressType.BROADCAST;
    }
    if (address.isMulticast()) {
      return AddressType.MULTICAST;
    }
    var key = new FlowKey(address, unspecified(address.family()), null, null, 0, 0);
    var route = kernel.fib().lookup(KernelRoute.TABLE_LOCAL, key);
    if (route == null && address.family() == IpFamily.IPV6) {
      return AddressType.UNICAST;
    }
    if (route == null || (device != null && !route.uses(device))) {
      return AddressType.UNICAST;
    }
    return switch (route.type()) {
      case LOCAL -> AddressType.LOCAL;
      case BROADCAST -> AddressType.BROADCAST;
      case ANYCAST -> AddressType.ANYCAST;
      case MULTICAST -> AddressType.MULTICAST;
      case BLACKHOLE -> AddressType.BLACKHOLE;
      case UNREACHABLE -> AddressType.UNREACHABLE;
      case PROHIBIT -> AddressType.PROHIBIT;
      case THROW -> AddressType.THROW;
      case UNICAST -> AddressType.UNICAST;
    };
  }

  @Override
  public @Nullable IpAddress masqueradeAddress(Skb skb) {
    return sources.masquerade(skb);
  }

  @Override
  public @Nullable IpAddress redirectAddress(Skb skb) {
    return sources.redirect(skb);
  }

  /** How addresses of this host are chosen. */
  SourceAddresses sources() {
    return sources;
  }
}
