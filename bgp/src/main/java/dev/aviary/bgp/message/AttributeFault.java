package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Octets;
import org.jspecify.annotations.Nullable;

/**
 * One defect of an UPDATE.
 *
 * @param code type code of the attribute, 0 where it is about the whole message
 * @param data what a NOTIFICATION about it carries
 * @param family the family that is disabled, if that is the approach
 */
public record AttributeFault(
    int code,
    ErrorApproach approach,
    BgpError error,
    Octets data,
    String detail,
    @Nullable AfiSafi family) {

  AttributeFault(int code, ErrorApproach approach, BgpError error, Octets data, String detail) {
    this(code, approach, error, data, detail, null);
  }

  AttributeFault with(ErrorApproach other) {
    return new AttributeFault(code, other, error, data, detail, family);
  }

  /** The NOTIFICATION that ends a session over it. */
  public NotificationMessage notification() {
    return NotificationMessage.of(error, data);
  }
}
