package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Targets as {@code nft} prints them. */
final class NftTarget {
  private static final List<String> LEVELS =
      List.of("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug");

  private NftTarget() {}

  /** Empty for a rule without a target. */
  static String text(Target target) {
    return switch (target) {
      case Target.None() -> "";
      case Target.Accept() -> "accept";
      case Target.Drop() -> "drop";
      case Target.Return() -> "return";
      case Target.Jump(var chain, var isGoto) -> (isGoto ? "goto " : "jump ") + chain;
      case Target.SetMark(var value, var mask) -> "meta mark set " + mark(value, mask);
      case Target.ConnMark mark -> connMark(mark);
      case Target.Dnat dnat ->
          "dnat to "
              + to(dnat.min(), dnat.max(), dnat.portMin(), dnat.portMax())
              + flags(dnat.random(), false, dnat.persistent());
      case Target.Snat snat ->
          "snat to "
              + to(snat.min(), snat.max(), snat.portMin(), snat.portMax())
              + flags(snat.random(), snat.randomFully(), snat.persistent());
      case Target.Masquerade(var low, var high, var random, var fully) ->
          "masquerade" + toPorts(low, high) + flags(random, fully, false);
      case Target.Redirect(var low, var high, var random) ->
          "redirect" + toPorts(low, high) + flags(random, false, false);
      case Target.Reject(var with) -> reject(with);
      case Target.NoTrack _ -> "notrack";
      case Target.Log log -> log(log);
      case Target.NfLog(var group, var prefix) ->
          "log " + (prefix.isEmpty() ? "" : "prefix \"" + prefix + "\" ") + "group " + group;
      case Target.Trace() -> "meta nftrace set 1";
      case Target.Unknown(var name, _) -> "xt target " + name;
    };
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }

  private static String mark(int value, int mask) {
    if (mask == 0) {
      return "mark xor " + hex(value);
    }
    if (mask == -1) {
      return hex(value);
    }
    if (value == 0) {
      return "mark and " + hex(~mask);
    }
    return value == mask
        ? "mark or " + hex(value)
        : "mark and " + hex(~mask) + " xor " + hex(value);
  }

  private static String connMark(Target.ConnMark mark) {
    boolean plain = mark.nfMask() == -1 && mark.ctMask() == -1;
    return switch (mark.action()) {
      case SET -> {
        int mask = mark.ctMask();
        int value = mark.value();
        if (mask == -1) {
          yield "ct mark set " + hex(value);
        }
        if (mask == 0) {
          yield "ct mark set ct mark xor " + hex(value);
        }
        if (value == 0) {
          yield "ct mark set ct mark and " + hex(~mask);
        }
        yield value == mask
            ? "ct mark set ct mark or " + hex(value)
            : "ct mark set ct mark xor " + hex(value) + " and " + hex(~mask);
      }
      case SAVE -> masked("ct mark set mark", plain, mark);
      case RESTORE -> masked("meta mark set ct mark", plain, mark);
    };
  }

  private static String masked(String text, boolean plain, Target.ConnMark mark) {
    if (plain) {
      return text;
    }
    return mark.nfMask() == mark.ctMask()
        ? text + " and " + hex(mark.ctMask())
        : "xt target CONNMARK";
  }

  private static String flags(boolean random, boolean fully, boolean persistent) {
    var flags = new StringJoiner(",", " ", "");
    flags.setEmptyValue("");
    if (random) {
      flags.add("random");
    }
    if (fully) {
      flags.add("fully-random");
    }
    if (persistent) {
      flags.add("persistent");
    }
    return flags.toString();
  }

  private static String toPorts(int low, int high) {
    return low < 0 ? "" : " to :" + range(low, high);
  }

  private static String range(int low, int high) {
    return low == high ? Integer.toString(low) : low + "-" + high;
  }

  private static String to(@Nullable IpAddress min, @Nullable IpAddress max, int low, int high) {
    var out = new StringBuilder();
    boolean brackets = min != null && min.family() == IpFamily.IPV6 && low >= 0;
    if (min != null) {
      out.append(brackets ? "[" : "").append(min);
      out.append(min.equals(max) ? "" : "-" + max);
      out.append(brackets ? "]" : "");
    }
    return low < 0 ? out.toString() : out.append(':').append(range(low, high)).toString();
  }

  private static String reject(Target.Reject.With with) {
    return switch (with) {
      case PORT_UNREACH, PORT_UNREACH6 -> "reject";
      case TCP_RESET -> "reject with tcp reset";
      case NET_UNREACH -> "reject with icmp type net-unreachable";
      case HOST_UNREACH -> "reject with icmp type host-unreachable";
      case PROTO_UNREACH -> "reject with icmp type prot-unreachable";
      case NET_PROHIBITED -> "reject with icmp type net-prohibited";
      case HOST_PROHIBITED -> "reject with icmp type host-prohibited";
      case ADMIN_PROHIBITED -> "reject with icmp type admin-prohibited";
      case NO_ROUTE6 -> "reject with icmpv6 type no-route";
      case ADMIN_PROHIBITED6 -> "reject with icmpv6 type admin-prohibited";
      case ADDRESS_UNREACH6 -> "reject with icmpv6 type addr-unreachable";
      case POLICY_FAIL6 -> "reject with icmpv6 type policy-fail";
      case REJECT_ROUTE6 -> "reject with icmpv6 type reject-route";
    };
  }

  private static String log(Target.Log log) {
    var words = new StringJoiner(" ");
    words.add("log");
    if (!log.prefix().isEmpty()) {
      words.add("prefix \"" + log.prefix() + "\"");
    }
    if (log.level() != 4) {
      words.add("level " + LEVELS.get(log.level()));
    }
    boolean sequence = (log.flags() & 1) != 0;
    boolean options = (log.flags() & 2) != 0;
    if (sequence || options) {
      words.add(
          "flags tcp "
              + (sequence ? "sequence" : "")
              + (sequence && options ? "," : "")
              + (options ? "options" : ""));
    }
    if ((log.flags() & 4) != 0) {
      words.add("flags ip options");
    }
    if ((log.flags() & 8) != 0) {
      words.add("flags skuid");
    }
    if ((log.flags() & 32) != 0) {
      words.add("flags ether");
    }
    return words.toString();
  }
}
