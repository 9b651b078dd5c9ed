package dev.aviary.emulator.bird;

import dev.aviary.net.IpFamily;

/** What the protocols of a node's configuration are called, which its two spellings differ in. */
record NodeNames(boolean isTwo) {
  private String named(String kind, IpFamily family) {
    if (!isTwo) {
      return kind + "1";
    }
    return kind
        + switch (family) {
          case IPV4 -> "4";
          case IPV6 -> "6";
        };
  }

  String statics(IpFamily family) {
    return named("static", family);
  }

  String kernel(IpFamily family) {
    return named("kernel", family);
  }

  String direct() {
    return "direct1";
  }

  String table(IpFamily family) {
    return isTwo ? named("master", family) : "master";
  }

  static String channel(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ipv4";
      case IPV6 -> "ipv6";
    };
  }
}
