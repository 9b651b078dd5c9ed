package dev.aviary.emulator.cluster;

import java.util.Optional;

/**
 * What is to be sent.
 *
 * @param destination a name or an address
 * @param port empty where the protocol has none, or where the destination's first one is meant
 */
public record TraceRequest(
    String source,
    String destination,
    Optional<Integer> port,
    Proto proto,
    Optional<Integer> sourcePort,
    int ttl) {

  /** A protocol, under the name that the command line has for it. */
  public enum Proto {
    tcp,
    udp,
    sctp,
    icmp
  }

  /** Reads "NAME", "NAME:PORT", "ADDRESS:PORT", "[V6]:PORT" as the destination. */
  public static TraceRequest parse(
      String source, String destination, Proto proto, Optional<Integer> sourcePort, int ttl) {
    int colon = destination.lastIndexOf(':');
    boolean bracketed = destination.startsWith("[");
    boolean v6 = !bracketed && destination.indexOf(':') != colon;
    var digits = colon < 0 ? "" : destination.substring(colon + 1);
    if (v6 || !digits.matches("[0-9]{1,5}")) {
      return new TraceRequest(source, bare(destination), Optional.empty(), proto, sourcePort, ttl);
    }
    return new TraceRequest(
        source,
        bare(destination.substring(0, colon)),
        Optional.of(Integer.parseInt(digits)),
        proto,
        sourcePort,
        ttl);
  }

  private static String bare(String text) {
    return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
  }
}
