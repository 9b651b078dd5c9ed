package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Calico's Node: its addresses and its BGP settings.
 *
 * @param as its own AS number, unsigned; empty for the cluster's
 * @param routeReflectorClusterId empty unless it is a route reflector
 * @param ipipTunnel the address of its IPIP tunnel, where it is recorded
 * @param vxlanTunnel the address of its VXLAN tunnel, where it is recorded
 * @param wireguard the addresses of its WireGuard interfaces
 */
public record NodeResource(
    Metadata metadata,
    Source source,
    Optional<Interface> ipv4,
    Optional<Interface> ipv6,
    Optional<Long> as,
    String routeReflectorClusterId,
    Optional<IpAddress> ipipTunnel,
    Optional<IpAddress> vxlanTunnel,
    Map<IpFamily, IpAddress> wireguard)
    implements Resource {
  public NodeResource {
    wireguard = Map.copyOf(wireguard);
  }

  /** An address and the length of its network. */
  public record Interface(IpAddress address, int length) {
    /** The network around the address. */
    public Prefix network() {
      return Prefix.of(address, length);
    }

    /** "address/length"; an address alone is its own network. */
    static Optional<Interface> parse(String text) {
      int slash = text.indexOf('/');
      if (slash < 0) {
        return IpAddress.parse(text).map(a -> new Interface(a, a.family().bits()));
      }
      return IpAddress.parse(text.substring(0, slash))
          .flatMap(a -> Prefix.parse(text).map(p -> new Interface(a, p.length())));
    }

    @Override
    public String toString() {
      return address + "/" + length;
    }
  }

  static NodeResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var bgp = spec.object("bgp");
    var ipv4 = bgp.parsed("ipv4Address", of(IpFamily.IPV4), "an IPv4 address with its length");
    var ipv6 = bgp.parsed("ipv6Address", of(IpFamily.IPV6), "an IPv6 address with its length");
    var as = bgp.parsed("asNumber", AsNumbers::parse, AsNumbers.EXPECTED);
    var cluster = bgp.text("routeReflectorClusterID", "");
    var ipip = bgp.parsed("ipv4IPIPTunnelAddr", NodeResource::ipv4, "an IPv4 address");
    bgp.done();
    var vxlan = spec.parsed("ipv4VXLANTunnelAddr", NodeResource::ipv4, "an IPv4 address");
    var wireguard = wireguard(spec.object("wireguard"));
    spec.accept(
        "addresses",
        "interfaces",
        "orchRefs",
        "vxlanTunnelMACAddr",
        "ipv6VXLANTunnelAddr",
        "vxlanTunnelMACAddrV6");
    spec.done();
    fields.accept("status");
    return new NodeResource(metadata, source, ipv4, ipv6, as, cluster, ipip, vxlan, wireguard);
  }

  private static Optional<IpAddress> ipv4(String text) {
    return IpAddress.parse(text).filter(address -> address.family() == IpFamily.IPV4);
  }

  private static Map<IpFamily, IpAddress> wireguard(Fields fields) {
    var found = new EnumMap<IpFamily, IpAddress>(IpFamily.class);
    fields
        .parsed("interfaceIPv4Address", IpAddress::parse, "an IP address")
        .ifPresent(address -> found.put(IpFamily.IPV4, address));
    fields
        .parsed("interfaceIPv6Address", IpAddress::parse, "an IP address")
        .ifPresent(address -> found.put(IpFamily.IPV6, address));
    fields.done();
    return found;
  }

  private static java.util.function.Function<String, Optional<Interface>> of(IpFamily family) {
    return text -> Interface.parse(text).filter(i -> i.address().family() == family);
  }
}
