package dev.aviary.kernel.route;

import java.util.Map;
import java.util.Optional;

/** Who put a route there: rtm_protocol, 0 to 255, printed by the names of iproute2's rt_protos. */
public record RouteProtocol(int number) {
  public static final RouteProtocol UNSPEC = new RouteProtocol(0);
  public static final RouteProtocol KERNEL = new RouteProtocol(2);
  public static final RouteProtocol BOOT = new RouteProtocol(3);
  public static final RouteProtocol STATIC = new RouteProtocol(4);
  public static final RouteProtocol BIRD = new RouteProtocol(12);

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0, "unspec"),
          Map.entry(1, "redirect"),
          Map.entry(2, "kernel"),
          Map.entry(3, "boot"),
          Map.entry(4, "static"),
          Map.entry(8, "gated"),
          Map.entry(9, "ra"),
          Map.entry(10, "mrt"),
          Map.entry(11, "zebra"),
          Map.entry(12, "bird"),
          Map.entry(13, "dnrouted"),
          Map.entry(14, "xorp"),
          Map.entry(15, "ntk"),
          Map.entry(16, "dhcp"),
          Map.entry(18, "keepalived"),
          Map.entry(42, "babel"),
          Map.entry(186, "bgp"),
          Map.entry(187, "isis"),
          Map.entry(188, "ospf"),
          Map.entry(189, "rip"),
          Map.entry(192, "eigrp"));

  public RouteProtocol {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException("route protocol " + number + " is not in 0 to 255");
    }
  }

  /** The protocol of that name or number. */
  public static Optional<RouteProtocol> parse(String text) {
    for (var entry : NAMES.entrySet()) {
      if (entry.getValue().equals(text)) {
        return Optional.of(new RouteProtocol(entry.getKey()));
      }
    }
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text);
    return number <= 255 ? Optional.of(new RouteProtocol(number)) : Optional.empty();
  }

  /** Its name, or its number where it has none. */
  @Override
  public String toString() {
    var name = NAMES.get(number);
    return name != null ? name : Integer.toString(number);
  }
}
