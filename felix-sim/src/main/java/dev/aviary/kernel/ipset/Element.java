package dev.aviary.kernel.ipset;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The value of an element: up to two networks, a protocol with a port, or another set's name.
 * Addresses are host prefixes.
 */
record Element(
    @Nullable Prefix first, int protocol, int port, @Nullable Prefix second, @Nullable String set)
    implements Comparable<Element> {

  /** As {@code ipset list} prints it. */
  @Override
  public String toString() {
    var parts = new ArrayList<String>();
    if (first != null) {
      parts.add(text(first));
    }
    if (protocol > 0) {
      parts.add(protocolName() + ":" + port);
    } else if (port >= 0) {
      parts.add(Integer.toString(port));
    }
    if (second != null) {
      parts.add(text(second));
    }
    if (set != null) {
      parts.add(set);
    }
    return String.join(",", parts);
  }

  private String protocolName() {
    return switch (protocol) {
      case 6 -> "tcp";
      case 17 -> "udp";
      case 132 -> "sctp";
      case 136 -> "udplite";
      case 1 -> "icmp";
      case 58 -> "icmpv6";
      default -> Integer.toString(protocol);
    };
  }

  private static String text(Prefix prefix) {
    return prefix.isHost() ? prefix.address().toString() : prefix.toString();
  }

  private static int compare(@Nullable Prefix a, @Nullable Prefix b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    return a.compareTo(b);
  }

  @Override
  public int compareTo(Element other) {
    int result = compare(first, other.first);
    if (result == 0) {
      result = Integer.compare(protocol, other.protocol);
    }
    if (result == 0) {
      result = Integer.compare(port, other.port);
    }
    return result == 0 ? compare(second, other.second) : result;
  }
}
