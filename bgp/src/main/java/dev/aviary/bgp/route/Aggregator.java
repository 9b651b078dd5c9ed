package dev.aviary.bgp.route;

import dev.aviary.net.Ipv4Address;

/** Who formed an aggregate (RFC 4271 §5.1.7). */
public record Aggregator(AsNumber as, Ipv4Address address) {
  @Override
  public String toString() {
    return address + " AS" + as;
  }
}
