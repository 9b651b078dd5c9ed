package dev.aviary.kernel.route;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One route as the kernel holds it; immutable.
 *
 * @param destination what it matches
 * @param type what it does
 * @param table the table's number: 255 local, 254 main, 253 default, or another
 * @param protocol who put it there
 * @param scope how far the destination is
 * @param metric its priority, lower is better; 0 in IPv4 and 1024 in IPv6 where none was given
 * @param source the preferred source address of packets made here, or null
 * @param nextHops one, several (equal cost), or none for the error types
 * @param tos the type of service it is for, 0 for any
 */
public record KernelRoute(
    Prefix destination,
    RouteType type,
    int table,
    RouteProtocol protocol,
    RouteScope scope,
    int metric,
    @Nullable IpAddress source,
    List<NextHop> nextHops,
    int tos) {
  public static final int TABLE_DEFAULT = 253;
  public static final int TABLE_MAIN = 254;
  public static final int TABLE_LOCAL = 255;
  private static final int IPV6_METRIC = 1024;

  public KernelRoute {
    nextHops = List.copyOf(nextHops);
    if (type.isError() != nextHops.isEmpty()) {
      throw new IllegalArgumentException(type.text() + " route with " + nextHops.size() + " hops");
    }
  }

  private static KernelRoute main(
      Prefix destination, RouteType type, RouteScope scope, List<NextHop> nextHops) {
    int metric = destination.family() == IpFamily.IPV6 ? IPV6_METRIC : 0;
    return new KernelRoute(
        destination, type, TABLE_MAIN, RouteProtocol.BOOT, scope, metric, null, nextHops, 0);
  }

  /** {@code ip route add DESTINATION via GATEWAY dev DEVICE}. */
  public static KernelRoute via(Prefix destination, IpAddress gateway, String device) {
    return main(
        destination, RouteType.UNICAST, RouteScope.GLOBAL, List.of(NextHop.via(gateway, device)));
  }

  /** {@code ip route add DESTINATION dev DEVICE}: scope link, as the tool sets it in IPv4. */
  public static KernelRoute on(Prefix destination, String device) {
    var scope = destination.family() == IpFamily.IPV4 ? RouteScope.LINK : RouteScope.GLOBAL;
    return main(destination, RouteType.UNICAST, scope, List.of(NextHop.on(device)));
  }

  /** {@code ip route add blackhole DESTINATION}. */
  public static KernelRoute blackhole(Prefix destination) {
    return error(RouteType.BLACKHOLE, destination);
  }

  /** {@code ip route add TYPE DESTINATION} for blackhole, unreachable, prohibit and throw. */
  public static KernelRoute error(RouteType type, Prefix destination) {
    return main(destination, type, RouteScope.GLOBAL, List.of());
  }

  /** {@code default}: every address of the family. */
  public static Prefix everything(IpFamily family) {
    return switch (family) {
      case IPV4 -> Prefix.of(Ipv4Address.UNSPECIFIED, 0);
      case IPV6 -> Prefix.of(Ipv6Address.UNSPECIFIED, 0);
    };
  }

  /** IPv4 or IPv6. */
  public IpFamily family() {
    return destination.family();
  }

  /** The first next hop's device, or null where there is none. */
  public @Nullable String device() {
    return nextHops.isEmpty() ? null : nextHops.getFirst().device();
  }

  /** The first next hop's gateway, or null where there is none. */
  public @Nullable IpAddress gateway() {
    return nextHops.isEmpty() ? null : nextHops.getFirst().gateway();
  }

  /** True if any next hop leaves by {@code device}. */
  public boolean uses(String device) {
    for (var hop : nextHops) {
      if (hop.device().equals(device)) {
        return true;
      }
    }
    return false;
  }

  public KernelRoute withTable(int table) {
    return new KernelRoute(
        destination, type, table, protocol, scope, metric, source, nextHops, tos);
  }

  public KernelRoute withType(RouteType type) {
    return new KernelRoute(
        destination, type, table, protocol, scope, metric, source, nextHops, tos);
  }

  public KernelRoute withProtocol(RouteProtocol protocol) {
    return new KernelRoute(
        destination, type, table, protocol, scope, metric, source, nextHops, tos);
  }

  public KernelRoute withScope(RouteScope scope) {
    return new KernelRoute(
        destination, type, table, protocol, scope, metric, source, nextHops, tos);
  }

  public KernelRoute withMetric(int metric) {
    return new KernelRoute(
        destination, type, table, protocol, scope, metric, source, nextHops, tos);
  }

  public KernelRoute withSource(@Nullable IpAddress source) {
    return new KernelRoute(
        destination, type, table, protocol, scope, metric, source, nextHops, tos);
  }

  public KernelRoute withNextHops(List<NextHop> nextHops) {
    return new KernelRoute(
        destination, type, table, protocol, scope, metric, source, nextHops, tos);
  }

  /** The same route with its gateway taken to be on the link. */
  public KernelRoute withOnlink() {
    return withNextHops(
        nextHops.stream()
            .map(hop -> new NextHop(hop.gateway(), hop.device(), true, hop.weight()))
            .toList());
  }

  /** As {@code ip route} prints it, without the trailing blank. */
  @Override
  public String toString() {
    return RouteText.line(this, RouteText.Style.PLAIN).stripTrailing();
  }
}
