package dev.aviary.it;

import dev.aviary.net.IpFamily;
import java.util.List;

/**
 * Host a, router r and host b in one family: a and b reach each other, and everything else, through
 * r. The last host of b's network is nobody's; the last address is beyond what r knows.
 */
record LabAddresses(
    IpFamily family, List<String> a, List<String> r, List<String> b, String nobody, String beyond) {

  static final LabAddresses V4 =
      new LabAddresses(
          IpFamily.IPV4,
          List.of("10.1.0.2", "10.1.0.3"),
          List.of("10.1.0.1", "10.2.0.1"),
          List.of("10.2.0.2", "10.2.0.3"),
          "10.2.0.9",
          "10.9.0.1");
  static final LabAddresses V6 =
      new LabAddresses(
          IpFamily.IPV6,
          List.of("fd01::2", "fd01::3"),
          List.of("fd01::1", "fd02::1"),
          List.of("fd02::2", "fd02::3"),
          "fd02::9",
          "fd09::1");

  boolean isV4() {
    return family == IpFamily.IPV4;
  }

  /** The length of a host's network. */
  int length() {
    return isV4() ? 24 : 64;
  }

  int bits() {
    return isV4() ? 32 : 128;
  }

  /** A prefix that all of them, and no link-local address, are in. */
  String all() {
    return isV4() ? "10.0.0.0/8" : "fd00::/8";
  }

  /** Where a probe from that host may go. */
  List<String> targets(String from) {
    return switch (from) {
      case "a" -> List.of(b.get(0), b.get(0), b.get(1), r.get(0), r.get(1), nobody, beyond);
      case "b" -> List.of(a.get(0), a.get(1), r.get(0), r.get(1));
      default -> List.of(a.get(0), b.get(0), b.get(1), r.get(0), r.get(1), beyond);
    };
  }

  /** What a host sends from. */
  String source(String from, String to) {
    return switch (from) {
      case "a" -> a.getFirst();
      case "b" -> b.getFirst();
      default -> {
        if (r.contains(to)) {
          yield to;
        }
        yield a.contains(to) ? r.getFirst() : r.getLast();
      }
    };
  }
}
