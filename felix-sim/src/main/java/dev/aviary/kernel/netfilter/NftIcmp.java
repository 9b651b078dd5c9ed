package dev.aviary.kernel.netfilter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** nft's names of ICMP's types and codes (1.0.6), in rules and of traced packets. */
final class NftIcmp {
  private static final Map<Integer, String> TYPES =
      Map.ofEntries(
          Map.entry(0, "echo-reply"),
          Map.entry(3, "destination-unreachable"),
          Map.entry(4, "source-quench"),
          Map.entry(5, "redirect"),
          Map.entry(8, "echo-request"),
          Map.entry(9, "router-advertisement"),
          Map.entry(10, "router-solicitation"),
          Map.entry(11, "time-exceeded"),
          Map.entry(12, "parameter-problem"),
          Map.entry(13, "timestamp-request"),
          Map.entry(14, "timestamp-reply"),
          Map.entry(17, "address-mask-request"),
          Map.entry(18, "address-mask-reply"));
  private static final Map<Integer, String> CODES =
      Map.of(
          0, "net-unreachable",
          1, "host-unreachable",
          2, "prot-unreachable",
          3, "port-unreachable",
          4, "frag-needed",
          9, "net-prohibited",
          10, "host-prohibited",
          13, "admin-prohibited");
  private static final Map<Integer, String> TYPES6 =
      Map.ofEntries(
          Map.entry(1, "destination-unreachable"),
          Map.entry(2, "packet-too-big"),
          Map.entry(3, "time-exceeded"),
          Map.entry(4, "parameter-problem"),
          Map.entry(128, "echo-request"),
          Map.entry(129, "echo-reply"),
          Map.entry(133, "nd-router-solicit"),
          Map.entry(134, "nd-router-advert"),
          Map.entry(135, "nd-neighbor-solicit"),
          Map.entry(136, "nd-neighbor-advert"),
          Map.entry(137, "nd-redirect"));
  private static final Map<Integer, String> CODES6 =
      Map.of(
          0, "no-route",
          1, "admin-prohibited",
          3, "addr-unreachable",
          4, "port-unreachable",
          5, "policy-fail",
          6, "reject-route");

  private NftIcmp() {}

  /** The name of a type, or null where it has none. */
  static @Nullable String type(int type, boolean v6) {
    return (v6 ? TYPES6 : TYPES).get(type);
  }

  /** The name of a type, or its number. */
  static String typeText(int type, boolean v6) {
    return (v6 ? TYPES6 : TYPES).getOrDefault(type, Integer.toString(type));
  }

  /** The name that a code has, whatever the type; or its number. */
  static String codeText(int code, boolean v6) {
    return (v6 ? CODES6 : CODES).getOrDefault(code, Integer.toString(code));
  }
}
