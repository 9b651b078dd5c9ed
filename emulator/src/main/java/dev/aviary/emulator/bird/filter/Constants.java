package dev.aviary.emulator.bird.filter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words that the language has for sources, destinations, scopes and the like. */
public final class Constants {
  private static final Map<String, Value.Word> ALL = new HashMap<>();

  static {
    add(Group.SOURCE, "RTS_", 0, "DUMMY STATIC INHERIT DEVICE STATIC_DEVICE REDIRECT RIP OSPF");
    add(Group.SOURCE, "RTS_", 8, "OSPF_IA OSPF_EXT1 OSPF_EXT2 BGP PIPE BABEL");
    add(Group.ORIGIN, "ORIGIN_", 0, "IGP EGP INCOMPLETE");
    add(Group.SCOPE, "SCOPE_", 0, "HOST LINK SITE ORGANIZATION UNIVERSE UNDEFINED");
    add(Group.CAST, "RTC_", 0, "UNICAST BROADCAST MULTICAST ANYCAST");
    add(Group.DESTINATION, "RTD_", 0, "ROUTER DEVICE BLACKHOLE UNREACHABLE PROHIBIT MULTIPATH");
    add(Group.DESTINATION, "RTD_", 1, "UNICAST");
    add(Group.ROA, "ROA_", 0, "UNKNOWN VALID INVALID");
    add(Group.NET_TYPE, "NET_", 1, "IP4 IP6 VPN4 VPN6 ROA4 ROA6 FLOW4 FLOW6 IP6_SADR MPLS");
  }

  private Constants() {}

  /** What a word is about. */
  public enum Group {
    SOURCE(0x30),
    ORIGIN(0x31),
    SCOPE(0x32),
    CAST(0x33),
    DESTINATION(0x34),
    ROA(0x35),
    NET_TYPE(0x36);

    private final int code;

    Group(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private static void add(Group group, String before, int first, String names) {
    int number = first;
    for (var name : List.of(names.split(" ", -1))) {
      ALL.put(before + name, new Value.Word(group, number++));
    }
  }

  /** The word called {@code name}. */
  static Optional<Value.Word> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /**
   * The word called {@code name}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Value.Word of(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException(name));
  }
}
