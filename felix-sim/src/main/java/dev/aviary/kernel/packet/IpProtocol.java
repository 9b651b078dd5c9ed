package dev.aviary.kernel.packet;

import java.util.Map;
import java.util.Optional;

/** Numbers and names of the protocols above IP (those of {@code /etc/protocols}). */
public final class IpProtocol {
  public static final int ICMP = 1;
  public static final int IPIP = 4;
  public static final int TCP = 6;
  public static final int UDP = 17;
  public static final int GRE = 47;
  public static final int ICMPV6 = 58;
  public static final int SCTP = 132;
  public static final int UDPLITE = 136;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "icmp"),
          Map.entry(2, "igmp"),
          Map.entry(3, "ggp"),
          Map.entry(4, "ipencap"),
          Map.entry(5, "st"),
          Map.entry(6, "tcp"),
          Map.entry(8, "egp"),
          Map.entry(9, "igp"),
          Map.entry(12, "pup"),
          Map.entry(17, "udp"),
          Map.entry(20, "hmp"),
          Map.entry(22, "xns-idp"),
          Map.entry(27, "rdp"),
          Map.entry(29, "iso-tp4"),
          Map.entry(33, "dccp"),
          Map.entry(36, "xtp"),
          Map.entry(37, "ddp"),
          Map.entry(38, "idpr-cmtp"),
          Map.entry(41, "ipv6"),
          Map.entry(43, "ipv6-route"),
          Map.entry(44, "ipv6-frag"),
          Map.entry(45, "idrp"),
          Map.entry(46, "rsvp"),
          Map.entry(47, "gre"),
          Map.entry(50, "esp"),
          Map.entry(51, "ah"),
          Map.entry(57, "skip"),
          Map.entry(58, "ipv6-icmp"),
          Map.entry(59, "ipv6-nonxt"),
          Map.entry(60, "ipv6-opts"),
          Map.entry(73, "rspf"),
          Map.entry(81, "vmtp"),
          Map.entry(88, "eigrp"),
          Map.entry(89, "ospf"),
          Map.entry(93, "ax.25"),
          Map.entry(94, "ipip"),
          Map.entry(97, "etherip"),
          Map.entry(98, "encap"),
          Map.entry(103, "pim"),
          Map.entry(108, "ipcomp"),
          Map.entry(112, "vrrp"),
          Map.entry(115, "l2tp"),
          Map.entry(124, "isis"),
          Map.entry(132, "sctp"),
          Map.entry(133, "fc"),
          Map.entry(135, "mobility-header"),
          Map.entry(136, "udplite"),
          Map.entry(137, "mpls-in-ip"),
          Map.entry(139, "hip"),
          Map.entry(140, "shim6"),
          Map.entry(141, "wesp"),
          Map.entry(142, "rohc"));

  private IpProtocol() {}

  /** The name, or the number where it has none. */
  public static String name(int number) {
    var name = NAMES.get(number);
    return name != null ? name : Integer.toString(number);
  }

  /** The number of a name or of a number's text. */
  public static Optional<Integer> parse(String text) {
    for (var entry : NAMES.entrySet()) {
      if (entry.getValue().equalsIgnoreCase(text)) {
        return Optional.of(entry.getKey());
      }
    }
    if (text.equalsIgnoreCase("icmpv6")) {
      return Optional.of(ICMPV6);
    }
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text);
    return number <= 255 ? Optional.of(number) : Optional.empty();
  }

  /** True if its header starts with two ports. */
  public static boolean hasPorts(int protocol) {
    return protocol == TCP
        || protocol == UDP
        || protocol == SCTP
        || protocol == UDPLITE
        || protocol == 33;
  }
}
