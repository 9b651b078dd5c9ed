package dev.aviary.felix.calc;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Ports {@code first} to {@code last}, both included. */
public record PortRange(int first, int last) {
  /** The multiport match takes this many numbers; a range is two. */
  private static final int MULTIPORT_SLOTS = 15;

  public PortRange {
    if (first < 0 || last > 65535 || first > last) {
      throw new IllegalArgumentException("ports " + first + " to " + last);
    }
  }

  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /** The lists that multiport can take, in order; none where {@code ports} is empty. */
  static List<String> split(List<PortRange> ports) {
    var groups = new ArrayList<String>();
    var group = new StringJoiner(",");
    int used = 0;
    for (var port : ports) {
      int slots = port.first == port.last ? 1 : 2;
      if (used + slots > MULTIPORT_SLOTS) {
        groups.add(group.toString());
        group = new StringJoiner(",");
        used = 0;
      }
      group.add(port.toString());
      used += slots;
    }
    if (used > 0) {
      groups.add(group.toString());
    }
    return groups;
  }

  /** As iptables writes it: "80" or "8000:9000". */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + ":" + last;
  }
}
