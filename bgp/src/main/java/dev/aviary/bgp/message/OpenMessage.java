package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Octets;
import java.util.List;
import java.util.Optional;

/**
 * RFC 4271 §4.2.
 *
 * @param myAs the 2-octet field
 * @param holdTime in seconds, 0 to 65535
 * @param otherParameters optional parameters that are no capabilities
 * @param extendedParameters the form of RFC 9072
 */
public record OpenMessage(
    int version,
    int myAs,
    int holdTime,
    BgpIdentifier identifier,
    List<Capability> capabilities,
    List<Parameter> otherParameters,
    boolean extendedParameters)
    implements Message {
  public static final int VERSION = 4;

  public OpenMessage {
    capabilities = List.copyOf(capabilities);
    otherParameters = List.copyOf(otherParameters);
  }

  /** An optional parameter that is not understood. */
  public record Parameter(int type, Octets value) {}

  /** What a speaker says first: its AS, hold time in seconds, identifier and capabilities. */
  public static OpenMessage of(
      AsNumber as, int holdTime, BgpIdentifier identifier, List<Capability> capabilities) {
    int myAs = as.fitsTwoOctets() ? as.bits() : AsNumber.TRANS.bits();
    return new OpenMessage(VERSION, myAs, holdTime, identifier, capabilities, List.of(), false);
  }

  /** The first capability of {@code kind}. */
  public <C extends Capability> Optional<C> find(Class<C> kind) {
    for (var capability : capabilities) {
      if (kind.isInstance(capability)) {
        return Optional.of(kind.cast(capability));
      }
    }
    return Optional.empty();
  }

  /** The sender's AS: of the capability if it is there, else of the field (RFC 6793 §4.1). */
  public AsNumber as() {
    return find(Capability.FourOctetAs.class)
        .map(Capability.FourOctetAs::as)
        .orElseGet(() -> new AsNumber(myAs));
  }

  @Override
  public int type() {
    return MessageCodec.OPEN;
  }
}
