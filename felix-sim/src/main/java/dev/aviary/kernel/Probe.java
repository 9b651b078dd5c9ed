package dev.aviary.kernel;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a host tries out: a TCP connection, a datagram or a ping.
 *
 * @param source the address that is bound, or null
 * @param sourcePort the port that is bound (for ICMP the identifier), or 0 for one of the ephemeral
 *     range
 * @param ttl 1 to 255, or 0 for the host's default
 * @param dontFragment false to let routers fragment
 * @param payload what is sent once there is a connection
 * @param device the link it is bound to, or null
 */
public record Probe(
    int protocol,
    IpAddress destination,
    int destinationPort,
    @Nullable IpAddress source,
    int sourcePort,
    int ttl,
    int tos,
    boolean dontFragment,
    String payload,
    @Nullable String device) {

  private static Probe of(int protocol, IpAddress destination, int port) {
    return new Probe(protocol, destination, port, null, 0, 0, 0, true, "aviary", null);
  }

  public static Probe tcp(IpAddress destination, int port) {
    return of(IpProtocol.TCP, destination, port);
  }

  public static Probe udp(IpAddress destination, int port) {
    return of(IpProtocol.UDP, destination, port);
  }

  /** An SCTP association; a payload is exchanged in it. */
  public static Probe sctp(IpAddress destination, int port) {
    return of(IpProtocol.SCTP, destination, port);
  }

  public static Probe ping(IpAddress destination) {
    boolean v6 = destination.family() == dev.aviary.net.IpFamily.IPV6;
    return of(v6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP, destination, 0);
  }

  public Probe withSource(@Nullable IpAddress source, int port) {
    return new Probe(
        protocol,
        destination,
        destinationPort,
        source,
        port,
        ttl,
        tos,
        dontFragment,
        payload,
        device);
  }

  public Probe withTtl(int ttl) {
    return new Probe(
        protocol,
        destination,
        destinationPort,
        source,
        sourcePort,
        ttl,
        tos,
        dontFragment,
        payload,
        device);
  }

  public Probe withDontFragment(boolean dontFragment) {
    return new Probe(
        protocol,
        destination,
        destinationPort,
        source,
        sourcePort,
        ttl,
        tos,
        dontFragment,
        payload,
        device);
  }

  public Probe withPayload(String payload) {
    return new Probe(
        protocol,
        destination,
        destinationPort,
        source,
        sourcePort,
        ttl,
        tos,
        dontFragment,
        payload,
        device);
  }

  public Probe withDevice(String device) {
    return new Probe(
        protocol,
        destination,
        destinationPort,
        source,
        sourcePort,
        ttl,
        tos,
        dontFragment,
        payload,
        device);
  }
}
