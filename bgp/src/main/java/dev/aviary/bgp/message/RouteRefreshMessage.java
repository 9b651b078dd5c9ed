package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Octets;

/**
 * RFC 2918 §3, RFC 7313 §3.2.
 *
 * @param subtype {@link #REQUEST}, {@link #BEGIN}, {@link #END}, or one that is ignored
 * @param filters outbound route filters (RFC 5291), not looked into
 */
public record RouteRefreshMessage(AfiSafi family, int subtype, Octets filters) implements Message {
  public static final int REQUEST = 0;
  public static final int BEGIN = 1;
  public static final int END = 2;

  /** A message of {@code subtype} without filters. */
  public RouteRefreshMessage(AfiSafi family, int subtype) {
    this(family, subtype, Octets.NONE);
  }

  @Override
  public int type() {
    return MessageCodec.ROUTE_REFRESH;
  }
}
