package dev.aviary.emulator.bird;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Link;
import dev.aviary.net.IpFamily;
import java.util.List;

/** An interface in BIRD 1.6's words: it is up only if it has an address. */
record BirdInterface(Link link, IpFamily family) {
  boolean isUp() {
    return link.isUp() && link.hasCarrier() && (!addresses().isEmpty() || isLoopback());
  }

  boolean isLoopback() {
    return link instanceof Link.Loopback;
  }

  List<InterfaceAddress> addresses() {
    return link.addresses(family);
  }

  void print(BirdReply reply) {
    reply.line(
        "1001", "%s %s (index=%d)".formatted(link.name(), isUp() ? "up" : "DOWN", link.index()));
    boolean tunnel = link instanceof Link.IpIp;
    var flags = new StringBuilder(tunnel ? "PtP Multicast" : "MultiAccess");
    if (!tunnel && !isLoopback()) {
      flags.append(" Broadcast Multicast");
    }
    flags.append(link.isUp() ? " AdminUp" : " AdminDown");
    flags.append(link.isUp() && link.hasCarrier() ? " LinkUp" : " LinkDown");
    if (isLoopback()) {
      flags.append(" Loopback Ignored");
    }
    reply.line("1004", "\t" + flags + " MTU=" + link.mtu());
    boolean first = true;
    for (var each : addresses()) {
      reply.line(
          "1003",
          "\t%s/%d (%s, scope %s)"
              .formatted(
                  each.address(), each.length(), first ? "Primary" : "Unselected", scope(each)));
      first = false;
    }
  }

  /** BIRD's scopes: private addresses are of a site. */
  private static String scope(InterfaceAddress each) {
    var address = each.address();
    if (address.isLoopback()) {
      return "host";
    }
    if (address.isLinkLocal()) {
      return "link";
    }
    var octets = address.octets();
    int a = octets[0] & 0xff;
    int b = octets[1] & 0xff;
    boolean site =
        octets.length == 4
            ? a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168)
            : (a & 0xfe) == 0xfc;
    return site ? "site" : "universe";
  }

  String summary() {
    var first =
        addresses().stream()
            .findFirst()
            .map(each -> each.address() + "/" + each.length())
            .orElse("");
    return "%-9s %-5s %s".formatted(link.name(), isUp() ? "up" : "DOWN", first);
  }

  /** What direct1 has of it: the networks of its addresses. */
  boolean isDirect() {
    return isUp()
        && !isLoopback()
        && !link.name().startsWith("cali")
        && !link.name().startsWith("kube-ipvs");
  }
}
