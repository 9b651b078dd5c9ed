package dev.aviary.kernel;

import dev.aviary.kernel.route.RouteScope;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * An address on a link.
 *
 * @param length the prefix length
 * @param broadcast the broadcast address that was given, or null
 * @param label what {@code ip addr} prints at the end of the line
 * @param noPrefixRoute true if no route to the prefix comes with it
 * @param secondary true if another address of the same prefix was there before
 */
public record InterfaceAddress(
    IpAddress address,
    int length,
    @Nullable IpAddress broadcast,
    RouteScope scope,
    String label,
    boolean noPrefixRoute,
    boolean secondary) {

  /** A plain global address, or a host one for 127.0.0.0/8 and ::1, link for fe80::/10. */
  public static InterfaceAddress of(IpAddress address, int length, String label) {
    var scope = RouteScope.GLOBAL;
    if (address.isLoopback()) {
      scope = RouteScope.HOST;
    } else if (address.isLinkLocal() && address.family() == dev.aviary.net.IpFamily.IPV6) {
      scope = RouteScope.LINK;
    }
    return new InterfaceAddress(address, length, null, scope, label, false, false);
  }

  public InterfaceAddress withNoPrefixRoute() {
    return new InterfaceAddress(address, length, broadcast, scope, label, true, secondary);
  }

  public InterfaceAddress withBroadcast(IpAddress broadcast) {
    return new InterfaceAddress(address, length, broadcast, scope, label, noPrefixRoute, secondary);
  }

  public InterfaceAddress withScope(RouteScope scope) {
    return new InterfaceAddress(address, length, broadcast, scope, label, noPrefixRoute, secondary);
  }

  InterfaceAddress asSecondary() {
    return new InterfaceAddress(address, length, broadcast, scope, label, noPrefixRoute, true);
  }

  /** The prefix it lies in. */
  public Prefix prefix() {
    return Prefix.of(address, length);
  }
}
