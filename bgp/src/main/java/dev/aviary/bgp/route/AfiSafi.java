package dev.aviary.bgp.route;

import dev.aviary.net.IpFamily;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An address family and what is done with it (RFC 4760). The speaker routes the two unicast ones.
 */
public record AfiSafi(int afi, int safi) implements Comparable<AfiSafi> {
  public static final AfiSafi IPV4_UNICAST = new AfiSafi(1, 1);
  public static final AfiSafi IPV6_UNICAST = new AfiSafi(2, 1);
  private static final Comparator<AfiSafi> ORDER =
      Comparator.comparingInt(AfiSafi::afi).thenComparingInt(AfiSafi::safi);

  /** The unicast family of {@code family}. */
  public static AfiSafi unicast(IpFamily family) {
    return switch (family) {
      case IPV4 -> IPV4_UNICAST;
      case IPV6 -> IPV6_UNICAST;
    };
  }

  /** Length in bits of an address: 32 for AFI 1, else 128. */
  public int addressBits() {
    return afi == 1 ? 32 : 128;
  }

  // Written out: a record's own pass through method handles, which only an optimizing compiler
  // makes quick, and a speaker by itself runs without one. Each UPDATE asks.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AfiSafi family && afi == family.afi && safi == family.safi;
  }

  @Override
  public int hashCode() {
    return afi << 8 | safi;
  }

  @Override
  public int compareTo(AfiSafi other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return afi + "/" + safi;
  }
}
