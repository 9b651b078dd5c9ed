package dev.aviary.emulator.bird;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Link;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Optional;

/**
 * An interface as a daemon sees it.
 *
 * @param master the bridge that it is in, empty if in none
 * @param addresses those of the daemon's families
 */
record BirdInterface(
    String name, int index, String master, Flags flags, int mtu, List<Address> addresses) {
  BirdInterface {
    addresses = List.copyOf(addresses);
  }

  /** What it can do, and how it is. */
  record Flags(
      boolean multiAccess,
      boolean broadcast,
      boolean multicast,
      boolean adminUp,
      boolean linkUp,
      boolean loopback) {}

  /** One of its addresses. */
  record Address(IpAddress address, int length) {
    String print() {
      return address + "/" + length;
    }
  }

  static BirdInterface of(Link link, List<IpFamily> families) {
    boolean tunnel = link instanceof Link.IpIp;
    boolean loopback = link instanceof Link.Loopback;
    return new BirdInterface(
        link.name(),
        link.index(),
        "",
        new Flags(
            !tunnel,
            !tunnel && !loopback,
            !loopback,
            link.isUp(),
            link.isUp() && link.hasCarrier(),
            loopback),
        link.mtu(),
        families.stream()
            .flatMap(family -> link.addresses(family).stream())
            .map(BirdInterface::address)
            .toList());
  }

  private static Address address(InterfaceAddress each) {
    return new Address(each.address(), each.length());
  }

  /** In 1.6 it is down without an address. */
  private boolean isUp(BirdDialect dialect) {
    return flags.adminUp() && (dialect == BirdDialect.BIRD_2_0 || !addresses.isEmpty());
  }

  private String state(BirdDialect dialect) {
    if (isUp(dialect)) {
      return "up";
    }
    return switch (dialect) {
      case BIRD_1_6 -> "DOWN";
      case BIRD_2_0 -> "down";
    };
  }

  void print(BirdReply reply, BirdDialect dialect) {
    var in = master.isEmpty() ? "" : " master=" + master;
    reply.line("1001", "%s %s (index=%d%s)".formatted(name, state(dialect), index, in));
    reply.line("1004", "\t" + words() + " MTU=" + mtu);
    boolean first = true;
    for (var each : addresses) {
      var rank =
          switch (dialect) {
            case BIRD_1_6 -> first ? "Primary" : "Unselected";
            case BIRD_2_0 ->
                first(each.address().family()).equals(each) || isLinkLocal(each) ? "Preferred" : "";
          };
      reply.line(
          "1003",
          "\t%s (%sscope %s)"
              .formatted(each.print(), rank.isEmpty() ? "" : rank + ", ", scope(each.address())));
      first = false;
    }
  }

  private static boolean isLinkLocal(Address each) {
    return each.address().isLinkLocal() && each.address().family() == IpFamily.IPV6;
  }

  private Address first(IpFamily family) {
    return firstOf(family).orElse(addresses.getFirst());
  }

  /** The first of a family that is more than link-local. */
  private Optional<Address> firstOf(IpFamily family) {
    return addresses.stream()
        .filter(each -> each.address().family() == family && !isLinkLocal(each))
        .findFirst();
  }

  private String words() {
    var words = new StringBuilder(flags.multiAccess() ? "MultiAccess" : "PtP");
    if (flags.broadcast()) {
      words.append(" Broadcast");
    }
    if (flags.multicast()) {
      words.append(" Multicast");
    }
    words.append(flags.adminUp() ? " AdminUp" : " AdminDown");
    words.append(flags.linkUp() ? " LinkUp" : " LinkDown");
    if (flags.loopback()) {
      words.append(" Loopback Ignored");
    }
    return words.toString();
  }

  /** BIRD's scopes: private addresses are of a site. */
  private static String scope(IpAddress address) {
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

  String summary(BirdDialect dialect) {
    return switch (dialect) {
      case BIRD_1_6 ->
          "%-9s %-5s %s"
              .formatted(
                  name,
                  state(dialect),
                  addresses.stream().findFirst().map(Address::print).orElse(""));
      case BIRD_2_0 ->
          "%-10s %-6s %-18s %s"
              .formatted(name, state(dialect), shown(IpFamily.IPV4), shown(IpFamily.IPV6));
    };
  }

  private String shown(IpFamily family) {
    return firstOf(family).map(Address::print).orElse("");
  }

  /** What direct1 has of it: the networks of its addresses. */
  boolean isDirect() {
    return flags.adminUp()
        && !flags.loopback()
        && !name.startsWith("cali")
        && !name.startsWith("kube-ipvs");
  }
}
