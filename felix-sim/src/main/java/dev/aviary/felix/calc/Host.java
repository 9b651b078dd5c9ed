package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.util.Optional;

/** A node of the cluster: its addresses, and where its tunnels end. */
public record Host(
    String name,
    Optional<IpAddress> ipv4,
    Optional<IpAddress> ipv6,
    Optional<Ipv4Address> ipipTunnel,
    Optional<Vtep> vtep,
    Optional<IpAddress> wireguard) {

  /** A node without tunnels. */
  public static Host of(String name, Ipv4Address ipv4) {
    return new Host(
        name,
        Optional.of(ipv4),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The end of a VXLAN tunnel: its address inside, and its link-layer address. */
  public record Vtep(Ipv4Address address, String mac) {}
}
