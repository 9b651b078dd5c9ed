package dev.aviary.emulator.bird;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a speaker offers, as 2.0 lists it; families are ipv4, ipv6.
 *
 * @param announced families it speaks
 * @param extendedNextHop families whose next hop may be IPv6
 */
record BirdCapabilities(
    List<String> announced,
    boolean routeRefresh,
    List<String> extendedNextHop,
    boolean extendedMessage,
    Optional<Restart> restart,
    boolean fourOctetAs,
    List<String> addPathReceive,
    List<String> addPathSend,
    boolean enhancedRefresh,
    Optional<LongLived> longLived) {
  BirdCapabilities {
    announced = List.copyOf(announced);
    extendedNextHop = List.copyOf(extendedNextHop);
    addPathReceive = List.copyOf(addPathReceive);
    addPathSend = List.copyOf(addPathSend);
  }

  /** Graceful restart; without families it is only understood. */
  record Restart(int seconds, boolean recovering, List<String> supported, List<String> preserved) {
    Restart {
      supported = List.copyOf(supported);
      preserved = List.copyOf(preserved);
    }
  }

  /** Long-lived graceful restart. */
  record LongLived(List<String> supported, List<String> preserved, int seconds) {
    LongLived {
      supported = List.copyOf(supported);
      preserved = List.copyOf(preserved);
    }
  }

  /** Its lines, below a heading. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    if (!announced.isEmpty()) {
      lines.add("      Multiprotocol");
      lines.add(families("        AF announced:", announced));
    }
    if (routeRefresh) {
      lines.add("      Route refresh");
    }
    if (!extendedNextHop.isEmpty()) {
      lines.add("      Extended next hop");
      lines.add(families("        IPv6 nexthop:", extendedNextHop));
    }
    if (extendedMessage) {
      lines.add("      Extended message");
    }
    restart.ifPresent(
        r -> {
          lines.add("      Graceful restart");
          if (!r.supported().isEmpty()) {
            lines.add("        Restart time: " + r.seconds());
            if (r.recovering()) {
              lines.add("        Restart recovery");
            }
            lines.add(families("        AF supported:", r.supported()));
            lines.add(families("        AF preserved:", r.preserved()));
          }
        });
    if (fourOctetAs) {
      lines.add("      4-octet AS numbers");
    }
    if (!addPathReceive.isEmpty() || !addPathSend.isEmpty()) {
      lines.add("      ADD-PATH");
      lines.add(families("        RX:", addPathReceive));
      lines.add(families("        TX:", addPathSend));
    }
    if (enhancedRefresh) {
      lines.add("      Enhanced refresh");
    }
    longLived.ifPresent(
        r -> {
          lines.add("      Long-lived graceful restart");
          if (!r.supported().isEmpty()) {
            lines.add("        LL stale time: " + r.seconds());
            lines.add(families("        AF supported:", r.supported()));
            lines.add(families("        AF preserved:", r.preserved()));
          }
        });
    return lines;
  }

  private static String families(String heading, List<String> families) {
    var line = new StringBuilder(heading);
    families.forEach(family -> line.append(' ').append(family));
    return line.toString();
  }
}
