package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Targets as {@code -S} and {@code -L} print them. */
final class TargetText {
  private TargetText() {}

  /** "-j NAME" or "-g CHAIN" with its options; empty where there is none. */
  static String save(Target target) {
    return switch (target) {
      case Target.None() -> "";
      case Target.Accept() -> "-j ACCEPT";
      case Target.Drop() -> "-j DROP";
      case Target.Return() -> "-j RETURN";
      case Target.Jump(var chain, var isGoto) -> (isGoto ? "-g " : "-j ") + chain;
      case Target.SetMark(var value, var mask) -> "-j MARK --set-xmark " + xmark(value, mask);
      case Target.ConnMark(var action, var value, var ctMask, var nfMask) ->
          switch (action) {
            case SET -> "-j CONNMARK --set-xmark " + xmark(value, ctMask);
            case SAVE -> "-j CONNMARK --save-mark" + masks(nfMask, ctMask);
            case RESTORE -> "-j CONNMARK --restore-mark" + masks(nfMask, ctMask);
          };
      case Target.Dnat dnat ->
          "-j DNAT --to-destination "
              + to(dnat.min(), dnat.max(), dnat.portMin(), dnat.portMax())
              + (dnat.random() ? " --random" : "")
              + (dnat.persistent() ? " --persistent" : "");
      case Target.Snat snat ->
          "-j SNAT --to-source "
              + to(snat.min(), snat.max(), snat.portMin(), snat.portMax())
              + (snat.random() ? " --random" : "")
              + (snat.randomFully() ? " --random-fully" : "")
              + (snat.persistent() ? " --persistent" : "");
      case Target.Masquerade(var low, var high, var random, var fully) ->
          "-j MASQUERADE"
              + (low >= 0 ? " --to-ports " + ports(low, high) : "")
              + (random ? " --random" : "")
              + (fully ? " --random-fully" : "");
      case Target.Redirect(var low, var high, var random) ->
          "-j REDIRECT"
              + (low >= 0 ? " --to-ports " + ports(low, high) : "")
              + (random ? " --random" : "");
      case Target.Reject(var with) -> "-j REJECT --reject-with " + with.text();
      case Target.NoTrack(var oldName) -> oldName ? "-j NOTRACK" : "-j CT --notrack";
      case Target.Log log -> log(log);
      case Target.NfLog(var group, var prefix) ->
          "-j NFLOG"
              + (prefix.isEmpty() ? "" : " --nflog-prefix " + RuleText.quote(prefix))
              + (group == 0 ? "" : " --nflog-group " + group);
      case Target.Trace() -> "-j TRACE";
      case Target.Unknown(var name, var options) ->
          "-j " + name + (options.isEmpty() ? "" : " " + String.join(" ", options));
    };
  }

  private static String xmark(int value, int mask) {
    return "0x" + Integer.toHexString(value) + "/0x" + Integer.toHexString(mask);
  }

  private static String masks(int nfMask, int ctMask) {
    return " --nfmask 0x"
        + Integer.toHexString(nfMask)
        + " --ctmask 0x"
        + Integer.toHexString(ctMask);
  }

  private static String ports(int low, int high) {
    return low == high ? Integer.toString(low) : low + "-" + high;
  }

  private static String to(@Nullable IpAddress min, @Nullable IpAddress max, int low, int high) {
    var out = new StringBuilder();
    boolean brackets = min != null && min.family() == IpFamily.IPV6 && low >= 0;
    if (min != null) {
      out.append(brackets ? "[" : "").append(min);
      if (!min.equals(max)) {
        out.append('-').append(max);
      }
      out.append(brackets ? "]" : "");
    }
    if (low >= 0) {
      out.append(':').append(ports(low, high));
    }
    return out.toString();
  }

  private static String log(Target.Log log) {
    var out = new StringBuilder("-j LOG");
    if (!log.prefix().isEmpty()) {
      out.append(" --log-prefix ").append(RuleText.quote(log.prefix()));
    }
    if (log.level() != 4) {
      out.append(" --log-level ").append(log.level());
    }
    out.append((log.flags() & 1) != 0 ? " --log-tcp-sequence" : "");
    out.append((log.flags() & 2) != 0 ? " --log-tcp-options" : "");
    out.append((log.flags() & 4) != 0 ? " --log-ip-options" : "");
    out.append((log.flags() & 8) != 0 ? " --log-uid" : "");
    out.append((log.flags() & 32) != 0 ? " --log-macdecode" : "");
    return out.toString();
  }

  /** The name in the target column of {@code -L}. */
  static String name(Target target) {
    return switch (target) {
      case Target.None() -> "";
      case Target.Accept() -> "ACCEPT";
      case Target.Drop() -> "DROP";
      case Target.Return() -> "RETURN";
      case Target.Jump(var chain, _) -> chain;
      case Target.SetMark _ -> "MARK";
      case Target.ConnMark _ -> "CONNMARK";
      case Target.Dnat _ -> "DNAT";
      case Target.Snat _ -> "SNAT";
      case Target.Masquerade _ -> "MASQUERADE";
      case Target.Redirect _ -> "REDIRECT";
      case Target.Reject _ -> "REJECT";
      case Target.NoTrack(var oldName) -> oldName ? "NOTRACK" : "CT";
      case Target.Log _ -> "LOG";
      case Target.NfLog _ -> "NFLOG";
      case Target.Trace() -> "TRACE";
      case Target.Unknown(var name, _) -> name;
    };
  }

  /** What {@code -L} prints of a target behind the matches. */
  static String list(Target target) {
    return switch (target) {
      case Target.None(),
          Target.Accept(),
          Target.Drop(),
          Target.Return(),
          Target.Trace(),
          Target.Jump _ ->
          "";
      case Target.SetMark(var value, var mask) -> "MARK " + operation(value, mask);
      case Target.ConnMark(var action, var value, var ctMask, var nfMask) ->
          switch (action) {
            case SET -> "CONNMARK " + operation(value, ctMask);
            case SAVE -> "CONNMARK save" + listMasks(nfMask, ctMask, "&= ~", "^= mark &");
            case RESTORE -> "CONNMARK restore" + listMasks(nfMask, ctMask, "&= ~", "^= mark &");
          };
      case Target.Dnat dnat ->
          "to:"
              + to(dnat.min(), dnat.max(), dnat.portMin(), dnat.portMax())
              + (dnat.random() ? " random" : "")
              + (dnat.persistent() ? " persistent" : "");
      case Target.Snat snat ->
          "to:"
              + to(snat.min(), snat.max(), snat.portMin(), snat.portMax())
              + (snat.random() ? " random" : "")
              + (snat.randomFully() ? " random-fully" : "")
              + (snat.persistent() ? " persistent" : "");
      case Target.Masquerade(var low, var high, var random, var fully) -> {
        var words = new ArrayList<String>();
        if (low >= 0) {
          words.add("masq ports: " + ports(low, high));
        }
        if (random) {
          words.add("random");
        }
        if (fully) {
          words.add("random-fully");
        }
        yield String.join(" ", words);
      }
      case Target.Redirect(var low, var high, var random) ->
          (low >= 0 ? "redir ports " + ports(low, high) : "") + (random ? " random" : "");
      case Target.Reject(var with) -> "reject-with " + with.text();
      case Target.NoTrack(var oldName) -> oldName ? "NOTRACK" : "CT notrack";
      case Target.Log log ->
          "LOG flags "
              + log.flags()
              + " level "
              + log.level()
              + (log.prefix().isEmpty() ? "" : " prefix \"" + log.prefix() + "\"");
      case Target.NfLog(var group, var prefix) ->
          (prefix.isEmpty() ? "" : "nflog-prefix \"" + prefix + "\" ")
              + (group == 0 ? "" : "nflog-group " + group);
      case Target.Unknown(_, var options) -> String.join(" ", options);
    };
  }

  private static String operation(int value, int mask) {
    if (mask == 0) {
      return "xor 0x" + Integer.toHexString(value);
    }
    if (mask == -1) {
      return "set 0x" + Integer.toHexString(value);
    }
    if (value == 0) {
      return "and 0x" + Integer.toHexString(~mask);
    }
    if (value == mask) {
      return "or 0x" + Integer.toHexString(value);
    }
    return "xset " + xmark(value, mask);
  }

  private static String listMasks(int nfMask, int ctMask, String clear, String set) {
    if (nfMask == -1 && ctMask == -1) {
      return "";
    }
    if (nfMask == ctMask) {
      return " mask 0x" + Integer.toHexString(nfMask);
    }
    return " ctmark "
        + clear
        + "0x"
        + Integer.toHexString(ctMask)
        + "; ctmark "
        + set
        + " 0x"
        + Integer.toHexString(nfMask);
  }
}
