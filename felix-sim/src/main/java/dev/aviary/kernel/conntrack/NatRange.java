package dev.aviary.kernel.conntrack;

import dev.aviary.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a translation may choose from.
 *
 * @param min the lowest address, or null to keep the address
 * @param max the highest address, or null
 * @param portMin the lowest port or identifier, or -1 for no choice made
 * @param portMax the highest one
 * @param random true for {@code --random} and {@code --random-fully}: never keep the port
 */
public record NatRange(
    @Nullable IpAddress min, @Nullable IpAddress max, int portMin, int portMax, boolean random) {

  /** That address, any port. */
  public static NatRange address(IpAddress address) {
    return new NatRange(address, address, -1, -1, false);
  }

  boolean hasPorts() {
    return portMin >= 0;
  }

  boolean contains(IpAddress address) {
    return min == null
        || max == null
        || (address.compareTo(min) >= 0 && address.compareTo(max) <= 0);
  }

  boolean containsPort(int port) {
    return !hasPorts() || (port >= portMin && port <= portMax);
  }
}
