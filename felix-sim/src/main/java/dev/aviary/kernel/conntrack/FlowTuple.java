package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a flow.
 *
 * @param sourceKey the source port; for ICMP the identifier; for GRE the key
 * @param destinationKey the destination port; for ICMP type times 256 plus code
 */
public record FlowTuple(
    IpAddress source, IpAddress destination, int protocol, int sourceKey, int destinationKey) {

  /** The tuple of a packet; null for what cannot be tracked. */
  public static @Nullable FlowTuple of(Packet packet) {
    int protocol = packet.protocol();
    if (IpProtocol.hasPorts(protocol)) {
      return new FlowTuple(
          packet.source(),
          packet.destination(),
          protocol,
          packet.sourcePort(),
          packet.destinationPort());
    }
    if (packet.isIcmp()) {
      return packet.isIcmpError() || answerOf(protocol, packet.icmpType()) < 0
          ? null
          : new FlowTuple(
              packet.source(),
              packet.destination(),
              protocol,
              packet.icmpId(),
              (packet.icmpType() << 8) | packet.icmpCode());
    }
    return new FlowTuple(packet.source(), packet.destination(), protocol, 0, 0);
  }

  /** The tuple that an answer has; null for an ICMP type without one. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // turned round on purpose
  public @Nullable FlowTuple inverted() {
    if (protocol != IpProtocol.ICMP && protocol != IpProtocol.ICMPV6) {
      return new FlowTuple(destination, source, protocol, destinationKey, sourceKey);
    }
    int answer = answerOf(protocol, destinationKey >> 8);
    return answer < 0
        ? null
        : new FlowTuple(
            destination, source, protocol, sourceKey, (answer << 8) | (destinationKey & 0xff));
  }

  /** The tuple that an answer has. */
  FlowTuple inverse() {
    var inverted = inverted();
    if (inverted == null) {
      throw new IllegalStateException("no answer to " + this);
    }
    return inverted;
  }

  /** The ICMP type that answers {@code type}, or -1. */
  private static int answerOf(int protocol, int type) {
    if (protocol == IpProtocol.ICMP) {
      return switch (type) {
        case 8 -> 0;
        case 0 -> 8;
        case 13 -> 14;
        case 14 -> 13;
        case 15 -> 16;
        case 16 -> 15;
        case 17 -> 18;
        case 18 -> 17;
        default -> -1;
      };
    }
    return switch (type) {
      case 128 -> 129;
      case 129 -> 128;
      case 139 -> 140;
      case 140 -> 139;
      default -> -1;
    };
  }

  FlowTuple withSource(IpAddress address, int key) {
    return new FlowTuple(address, destination, protocol, key, destinationKey);
  }

  FlowTuple withDestination(IpAddress address, int key) {
    return new FlowTuple(source, address, protocol, sourceKey, key);
  }

  /** A hash of what {@link #hasSourceOf} compares. */
  int sourceHash() {
    int hash = source.hashCode() * 0x9E3779B9 + sourceKey * 0x85EBCA6B;
    hash = Integer.rotateLeft(hash, 15) + (isIcmp() ? destinationKey : 0) + protocol;
    hash *= 0x165667B1;
    return hash ^ (hash >>> 15);
  }

  /** True if both come from one socket; for ICMP, are of one identifier and type. */
  boolean hasSourceOf(FlowTuple other) {
    return sourceKey == other.sourceKey
        && protocol == other.protocol
        && (!isIcmp() || destinationKey == other.destinationKey)
        && source.equals(other.source);
  }

  boolean isIcmp() {
    return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
  }

  /** Flows differ in few bits, often in address and port at once: they have to be spread. */
  @Override
  public int hashCode() {
    int hash = source.hashCode() * 0x9E3779B9 + sourceKey * 0x85EBCA6B;
    hash = Integer.rotateLeft(hash, 15) + destination.hashCode() * 0xC2B2AE35;
    hash = Integer.rotateLeft(hash, 13) + destinationKey * 0x27D4EB2F + protocol;
    hash *= 0x165667B1;
    return hash ^ (hash >>> 15);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FlowTuple tuple
        && sourceKey == tuple.sourceKey
        && destinationKey == tuple.destinationKey
        && protocol == tuple.protocol
        && source.equals(tuple.source)
        && destination.equals(tuple.destination);
  }

  /** As {@code conntrack -L} prints it, without trailing blank. */
  @Override
  public String toString() {
    return text(source.toString(), destination.toString());
  }

  /** As the kernel's own listings have it: IPv6 addresses in full. */
  String procText() {
    return text(inFull(source), inFull(destination));
  }

  private static String inFull(IpAddress address) {
    return address.family() == IpFamily.IPV4
        ? address.toString()
        : HexFormat.of().formatHex(address.octets()).replaceAll("(.{4})(?=.)", "$1:");
  }

  private String text(String from, String to) {
    var out = new StringBuilder();
    out.append("src=").append(from).append(" dst=").append(to);
    if (IpProtocol.hasPorts(protocol)) {
      out.append(" sport=").append(sourceKey).append(" dport=").append(destinationKey);
    } else if (isIcmp()) {
      out.append(" type=").append(destinationKey >> 8);
      out.append(" code=").append(destinationKey & 0xff).append(" id=").append(sourceKey);
    } else if (protocol == IpProtocol.GRE) {
      out.append(" srckey=0x").append(Integer.toHexString(sourceKey));
      out.append(" dstkey=0x").append(Integer.toHexString(destinationKey));
    }
    return out.toString();
  }
}
