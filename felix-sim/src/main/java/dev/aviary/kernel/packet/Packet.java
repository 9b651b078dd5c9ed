package dev.aviary.kernel.packet;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An IP packet with the header fields of what it carries, flat and mutable: address translation and
 * forwarding write into it. Fields that its protocol does not have are zero.
 */
public final class Packet {
  /** Octets of IPv6's fragment header (RFC 8200 §4.5). */
  public static final int FRAGMENT_HEADER = 8;

  private static final byte[] NOTHING = {};

  private IpAddress source;
  private IpAddress destination;
  private int protocol;
  private int ttl = 64;
  private int tos;
  private int id;
  private boolean dontFragment;
  private int sourcePort;
  private int destinationPort;
  private int tcpFlags;
  private int sequence;
  private int acknowledgment;
  private int window = 64240;
  private byte[] tcpOptions = NOTHING;
  private int icmpType;
  private int icmpCode;
  private int icmpId;
  private int icmpSequence;
  private int icmpInfo;
  private @Nullable IpAddress icmpGateway;
  private @Nullable Packet quoted;
  private int quotedLength;
  private byte[] payload = NOTHING;
  private @Nullable Packet inner;
  private @Nullable Vxlan vxlan;
  private int largestFragment;
  private @Nullable Packet whole;
  private int fragmentOffset;
  private int fragmentLength;
  private boolean moreFragments;

  /** What is between a VXLAN datagram's UDP header and the packet inside (RFC 7348 §5). */
  public record Vxlan(int vni, MacAddress source, MacAddress destination) {
    /** Octets of both headers. */
    static final int LENGTH = 8 + 14;
  }

  /** A packet of protocol {@code protocol} without ports or payload. */
  public Packet(IpAddress source, IpAddress destination, int protocol) {
    this.source = source;
    this.destination = destination;
    this.protocol = protocol;
  }

  /** A packet back to where {@code request} came from: addresses and ports turned round. */
  @SuppressWarnings("ArgumentSelectionDefectChecker") // turned round on purpose
  public static Packet answerTo(Packet request, int protocol) {
    var answer = new Packet(request.destination, request.source, protocol);
    if (IpProtocol.hasPorts(protocol)) {
      answer.setPorts(request.destinationPort, request.sourcePort);
    }
    return answer;
  }

  /**
   * A part of {@code whole} (RFC 791 §3.2).
   *
   * @param whole kept and shared by all parts: not to be changed any more
   * @param offset in octets behind the IP header, a multiple of eight
   * @param length octets behind the IP header
   */
  public static Packet fragment(Packet whole, int offset, int length, boolean more) {
    var part = new Packet(whole.source, whole.destination, whole.protocol);
    part.whole = whole;
    part.fragmentOffset = offset;
    part.fragmentLength = length;
    part.moreFragments = more;
    part.ttl = whole.ttl;
    part.tos = whole.tos;
    part.id = whole.id;
    if (offset == 0) {
      part.sourcePort = whole.sourcePort;
      part.destinationPort = whole.destinationPort;
      part.tcpFlags = whole.tcpFlags;
      part.icmpType = whole.icmpType;
      part.icmpCode = whole.icmpCode;
      part.icmpId = whole.icmpId;
      part.icmpSequence = whole.icmpSequence;
    }
    return part;
  }

  /** What this is a part of, or null. */
  public @Nullable Packet whole() {
    return whole;
  }

  public boolean isFragment() {
    return whole != null;
  }

  /** Octets of the whole's data before this part; 0 for a whole packet too. */
  public int fragmentOffset() {
    return fragmentOffset;
  }

  /** Octets of the whole's data in this part. */
  public int fragmentLength() {
    return fragmentLength;
  }

  /** True for each part but the last. */
  public boolean moreFragments() {
    return moreFragments;
  }

  /** A copy that shares nothing that can change. */
  public Packet copy() {
    var copy = new Packet(source, destination, protocol);
    copy.ttl = ttl;
    copy.tos = tos;
    copy.id = id;
    copy.dontFragment = dontFragment;
    copy.sourcePort = sourcePort;
    copy.destinationPort = destinationPort;
    copy.tcpFlags = tcpFlags;
    copy.sequence = sequence;
    copy.acknowledgment = acknowledgment;
    copy.window = window;
    copy.tcpOptions = tcpOptions;
    copy.icmpType = icmpType;
    copy.icmpCode = icmpCode;
    copy.icmpId = icmpId;
    copy.icmpSequence = icmpSequence;
    copy.icmpInfo = icmpInfo;
    copy.icmpGateway = icmpGateway;
    copy.quoted = quoted == null ? null : quoted.copy();
    copy.quotedLength = quotedLength;
    copy.payload = payload;
    copy.inner = inner == null ? null : inner.copy();
    copy.vxlan = vxlan;
    copy.largestFragment = largestFragment;
    copy.whole = whole;
    copy.fragmentOffset = fragmentOffset;
    copy.fragmentLength = fragmentLength;
    copy.moreFragments = moreFragments;
    return copy;
  }

  public IpFamily family() {
    return source.family();
  }

  public IpAddress source() {
    return source;
  }

  public void setSource(IpAddress source) {
    this.source = source;
  }

  public IpAddress destination() {
    return destination;
  }

  public void setDestination(IpAddress destination) {
    this.destination = destination;
  }

  public int protocol() {
    return protocol;
  }

  public int ttl() {
    return ttl;
  }

  public void setTtl(int ttl) {
    this.ttl = ttl;
  }

  public int tos() {
    return tos;
  }

  public void setTos(int tos) {
    this.tos = tos;
  }

  public int id() {
    return id;
  }

  public void setId(int id) {
    this.id = id & 0xffff;
  }

  public boolean dontFragment() {
    return dontFragment;
  }

  public void setDontFragment(boolean dontFragment) {
    this.dontFragment = dontFragment;
  }

  /** 0 to 65535; 0 where the protocol has no ports. */
  public int sourcePort() {
    return sourcePort;
  }

  public void setSourcePort(int port) {
    this.sourcePort = port & 0xffff;
  }

  public int destinationPort() {
    return destinationPort;
  }

  public void setDestinationPort(int port) {
    this.destinationPort = port & 0xffff;
  }

  public void setPorts(int source, int destination) {
    setSourcePort(source);
    setDestinationPort(destination);
  }

  /** Bits of {@link TcpFlags}. */
  public int tcpFlags() {
    return tcpFlags;
  }

  public boolean hasFlag(int flag) {
    return (tcpFlags & flag) != 0;
  }

  public int sequence() {
    return sequence;
  }

  public int acknowledgment() {
    return acknowledgment;
  }

  public int window() {
    return window;
  }

  /** The TCP fields at once. */
  public void setTcp(int flags, int sequence, int acknowledgment, int window) {
    this.tcpFlags = flags;
    this.sequence = sequence;
    this.acknowledgment = acknowledgment;
    this.window = window;
  }

  /** What the receiver of an SCTP packet asked to be addressed with (RFC 9260 §3.1). */
  public int verificationTag() {
    return sequence; // kept where TCP has its sequence number
  }

  public void setVerificationTag(int tag) {
    this.sequence = tag;
  }

  /** TCP options as octets; a multiple of four of them, at most 40. */
  public byte[] tcpOptions() {
    return tcpOptions;
  }

  public void setTcpOptions(byte[] options) {
    if (options.length % 4 != 0 || options.length > 40) {
      throw new IllegalArgumentException(options.length + " octets of TCP options");
    }
    this.tcpOptions = Arrays.copyOf(options, options.length);
  }

  public int icmpType() {
    return icmpType;
  }

  public int icmpCode() {
    return icmpCode;
  }

  public int icmpId() {
    return icmpId;
  }

  public void setIcmpId(int id) {
    this.icmpId = id & 0xffff;
  }

  public int icmpSequence() {
    return icmpSequence;
  }

  /** An ICMP message that asks or answers. */
  public void setIcmp(int type, int code, int id, int sequence) {
    this.icmpType = type;
    this.icmpCode = code;
    this.icmpId = id & 0xffff;
    this.icmpSequence = sequence & 0xffff;
  }

  /** The MTU of a "too big" error, else 0. */
  public int icmpInfo() {
    return icmpInfo;
  }

  /** The router of a redirect, or null. */
  public @Nullable IpAddress icmpGateway() {
    return icmpGateway;
  }

  /**
   * An ICMP error about {@code quoted}.
   *
   * @param quotedLength how many octets of it are quoted
   */
  public void setIcmpError(
      int type, int code, int info, @Nullable IpAddress gateway, Packet quoted, int quotedLength) {
    this.icmpType = type;
    this.icmpCode = code;
    this.icmpInfo = info;
    this.icmpGateway = gateway;
    this.quoted = quoted;
    this.quotedLength = quotedLength;
  }

  /** The packet an ICMP error is about, or null. */
  public @Nullable Packet quoted() {
    return quoted;
  }

  public int quotedLength() {
    return quotedLength;
  }

  /** What follows the transport header; not to be written to. */
  public byte[] payload() {
    return payload;
  }

  public void setPayload(byte[] payload) {
    this.payload = payload;
  }

  /** The packet inside of an IP-in-IP or VXLAN one, or null. */
  public @Nullable Packet inner() {
    return inner;
  }

  public void setInner(Packet inner) {
    this.inner = inner;
  }

  /** The headers before the packet inside of a VXLAN datagram, or null. */
  public @Nullable Vxlan vxlan() {
    return vxlan;
  }

  public void setInner(Vxlan headers, Packet inner) {
    this.vxlan = headers;
    this.inner = inner;
  }

  /** The longest fragment it was put together from, in octets; 0 if it came whole. */
  public int largestFragment() {
    return largestFragment;
  }

  public void setLargestFragment(int octets) {
    this.largestFragment = octets;
  }

  /** True for an ICMP or ICMPv6 packet. */
  public boolean isIcmp() {
    return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
  }

  /** True for an ICMP error, a redirect included: what quotes another packet. */
  public boolean isIcmpError() {
    return switch (protocol) {
      case IpProtocol.ICMP ->
          icmpType == 3 || icmpType == 4 || icmpType == 5 || icmpType == 11 || icmpType == 12;
      case IpProtocol.ICMPV6 -> icmpType < 128 || icmpType == 137;
      default -> false;
    };
  }

  /** Octets of the IP header. */
  public int headerLength() {
    return family() == IpFamily.IPV4 ? 20 : 40;
  }

  /** Octets of the transport header, quoted packet included. */
  public int transportLength() {
    return switch (protocol) {
      case IpProtocol.TCP -> 20 + tcpOptions.length;
      case IpProtocol.UDP, IpProtocol.UDPLITE -> 8 + encapsulatedLength();
      case IpProtocol.SCTP -> 12;
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> 8 + quotedLength;
      case IpProtocol.IPIP, 41 -> inner == null ? 0 : inner.length();
      default -> 0;
    };
  }

  private static int transportHeader(Packet packet) {
    return packet.transportLength() - packet.encapsulatedLength();
  }

  private int encapsulatedLength() {
    return vxlan == null || inner == null ? 0 : Vxlan.LENGTH + inner.length();
  }

  /** Octets behind the transport header, a frame inside included. */
  public int payloadLength() {
    if (whole != null) {
      return fragmentOffset > 0 ? -1 : fragmentLength - transportHeader(whole);
    }
    return payload.length + (protocol == IpProtocol.UDP ? encapsulatedLength() : 0);
  }

  /** Octets in all, as the IP header counts them (IPv6: with its 40). */
  public int length() {
    if (whole != null) {
      int own = family() == IpFamily.IPV6 ? FRAGMENT_HEADER : 0;
      return headerLength() + own + fragmentLength;
    }
    return headerLength() + transportLength() + payload.length;
  }
}
