package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes targets of the options that stood on the line. */
final class TargetFactory {
  private static final int LONGEST_PREFIX = 29;
  private static final List<String> LEVELS =
      List.of("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug");

  private TargetFactory() {}

  static boolean isVerdict(String name) {
    return name.equals("ACCEPT") || name.equals("DROP") || name.equals("RETURN");
  }

  static Target verdict(String name) {
    return switch (name) {
      case "ACCEPT" -> new Target.Accept();
      case "DROP" -> new Target.Drop();
      default -> new Target.Return();
    };
  }

  static Target build(String name, List<Extension.Given> given, IpFamily family, int protocol)
      throws RuleException {
    return switch (name) {
      case "MARK" -> mark(given);
      case "CONNMARK" -> connMark(given);
      case "DNAT" -> dnat(given, family, protocol);
      case "SNAT" -> snat(given, family, protocol);
      case "MASQUERADE" -> {
        var ports = ports(last(given, "--to-ports"), protocol);
        yield new Target.Masquerade(
            ports[0], ports[1], has(given, "--random"), has(given, "--random-fully"));
      }
      case "REDIRECT" -> {
        var ports = ports(last(given, "--to-ports"), protocol);
        yield new Target.Redirect(ports[0], ports[1], has(given, "--random"));
      }
      case "REJECT" -> reject(given, family, protocol);
      case "CT" -> new Target.NoTrack(false);
      case "NOTRACK" -> new Target.NoTrack(true);
      case "LOG" -> log(given);
      case "NFLOG" -> {
        var group = last(given, "--nflog-group");
        var prefix = last(given, "--nflog-prefix");
        yield new Target.NfLog(
            group == null ? 0 : Values.small(group.value(), "--nflog-group", 65535),
            prefix == null ? "" : prefix.value());
      }
      case "TRACE" -> new Target.Trace();
      default -> throw new IllegalArgumentException("no target " + name);
    };
  }

  private static boolean has(List<Extension.Given> given, String name) {
    return given.stream().anyMatch(g -> g.name().equals(name));
  }

  private static Extension.@Nullable Given last(List<Extension.Given> given, String name) {
    Extension.Given found = null;
    for (var each : given) {
      if (each.name().equals(name)) {
        found = each;
      }
    }
    return found;
  }

  /** Value and mask of --set-xmark and the options that are short for it; null for others. */
  private static int @Nullable [] xmark(Extension.Given option) throws RuleException {
    return switch (option.name()) {
      case "--set-xmark" -> Values.masked(option.value(), option.name());
      case "--set-mark" -> {
        var masked = Values.masked(option.value(), option.name());
        yield new int[] {masked[0], masked[0] | masked[1]};
      }
      case "--and-mark" -> new int[] {0, ~(int) Values.number(option.value(), option.name())};
      case "--or-mark" -> {
        int value = (int) Values.number(option.value(), option.name());
        yield new int[] {value, value};
      }
      case "--xor-mark" -> new int[] {(int) Values.number(option.value(), option.name()), 0};
      default -> null;
    };
  }

  private static Target mark(List<Extension.Given> given) throws RuleException {
    for (var option : given) {
      var found = xmark(option);
      if (found != null) {
        return new Target.SetMark(found[0], found[1]);
      }
    }
    throw Values.bad("MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required");
  }

  private static Target connMark(List<Extension.Given> given) throws RuleException {
    int ctMask = -1;
    int nfMask = -1;
    Target.ConnMark found = null;
    for (var option : given) {
      var set = xmark(option);
      switch (option.name()) {
        case "--ctmask" -> ctMask = (int) Values.number(option.value(), option.name());
        case "--nfmask" -> nfMask = (int) Values.number(option.value(), option.name());
        case "--mask" -> {
          ctMask = (int) Values.number(option.value(), option.name());
          nfMask = ctMask;
        }
        case "--save-mark" -> found = new Target.ConnMark(Target.ConnMark.Action.SAVE, 0, -1, -1);
        case "--restore-mark" ->
            found = new Target.ConnMark(Target.ConnMark.Action.RESTORE, 0, -1, -1);
        default -> {
          if (set != null) {
            found = new Target.ConnMark(Target.ConnMark.Action.SET, set[0], set[1], -1);
          }
        }
      }
    }
    if (found == null) {
      throw Values.bad("CONNMARK target: No operation specified");
    }
    return found.action() == Target.ConnMark.Action.SET
        ? found
        : new Target.ConnMark(found.action(), 0, ctMask, nfMask);
  }

  private record To(@Nullable IpAddress min, @Nullable IpAddress max, int low, int high) {}

  private static To to(String text, IpFamily family, int protocol) throws RuleException {
    var address = text;
    var ports = "";
    if (family == IpFamily.IPV6) {
      int close = text.indexOf(']');
      if (text.startsWith("[") && close > 0) {
        address = text.substring(1, close);
        ports = text.startsWith("]:", close) ? text.substring(close + 2) : "";
      }
    } else {
      int colon = text.indexOf(':');
      address = colon < 0 ? text : text.substring(0, colon);
      ports = colon < 0 ? "" : text.substring(colon + 1);
      if (colon == text.length() - 1 && colon >= 0) {
        throw Values.bad("Port `' not valid");
      }
    }
    var range = portRange(ports, protocol);
    if (address.isEmpty()) {
      return new To(null, null, range[0], range[1]);
    }
    int dash = address.indexOf('-');
    var min = address(dash < 0 ? address : address.substring(0, dash), family);
    var max = dash < 0 ? min : address(address.substring(dash + 1), family);
    return new To(min, max, range[0], range[1]);
  }

  private static IpAddress address(String text, IpFamily family) throws RuleException {
    return IpAddress.parse(text)
        .filter(a -> a.family() == family)
        .orElseThrow(() -> Values.bad("Bad IP address \"" + text + "\""));
  }

  private static int[] portRange(String text, int protocol) throws RuleException {
    if (text.isEmpty()) {
      return new int[] {-1, -1};
    }
    if (!IpProtocol.hasPorts(protocol) && protocol != IpProtocol.ICMP) {
      throw Values.bad("Need TCP, UDP, SCTP or DCCP with port specification");
    }
    int dash = text.indexOf('-');
    int low = Values.port(dash < 0 ? text : text.substring(0, dash));
    int high = dash < 0 ? low : Values.port(text.substring(dash + 1));
    if (high < low) {
      throw Values.bad("Port range `" + text + "' funky");
    }
    return new int[] {low, high};
  }

  private static int[] ports(Extension.@Nullable Given option, int protocol) throws RuleException {
    return option == null ? new int[] {-1, -1} : portRange(option.value(), protocol);
  }

  private static Target dnat(List<Extension.Given> given, IpFamily family, int protocol)
      throws RuleException {
    var to = last(given, "--to-destination");
    if (to == null) {
      throw Values.bad("DNAT: option \"--to-destination\" must be specified");
    }
    var parsed = to(to.value(), family, protocol);
    return new Target.Dnat(
        parsed.min,
        parsed.max,
        parsed.low,
        parsed.high,
        has(given, "--random"),
        has(given, "--persistent"));
  }

  private static Target snat(List<Extension.Given> given, IpFamily family, int protocol)
      throws RuleException {
    var to = last(given, "--to-source");
    if (to == null) {
      throw Values.bad("SNAT: option \"--to-source\" must be specified");
    }
    var parsed = to(to.value(), family, protocol);
    return new Target.Snat(
        parsed.min,
        parsed.max,
        parsed.low,
        parsed.high,
        has(given, "--random"),
        has(given, "--random-fully"),
        has(given, "--persistent"));
  }

  private static Target reject(List<Extension.Given> given, IpFamily family, int protocol)
      throws RuleException {
    var with = last(given, "--reject-with");
    boolean v6 = family == IpFamily.IPV6;
    if (with == null) {
      return new Target.Reject(
          v6 ? Target.Reject.With.PORT_UNREACH6 : Target.Reject.With.PORT_UNREACH);
    }
    var parsed =
        Target.Reject.With.parse(with.value(), v6)
            .orElseThrow(() -> Values.bad("unknown reject type \"" + with.value() + "\""));
    if (parsed == Target.Reject.With.TCP_RESET && protocol != IpProtocol.TCP) {
      throw new RuleException(1, "Invalid argument. Run `dmesg' for more information.");
    }
    return new Target.Reject(parsed);
  }

  private static Target log(List<Extension.Given> given) throws RuleException {
    var prefix = last(given, "--log-prefix");
    var level = last(given, "--log-level");
    int number = 4;
    if (level != null) {
      int named = LEVELS.indexOf(level.value().toLowerCase(Locale.ROOT));
      number = named >= 0 ? named : Values.small(level.value(), "--log-level", 7);
    }
    int flags =
        (has(given, "--log-tcp-sequence") ? 1 : 0)
            | (has(given, "--log-tcp-options") ? 2 : 0)
            | (has(given, "--log-ip-options") ? 4 : 0)
            | (has(given, "--log-uid") ? 8 : 0)
            | (has(given, "--log-macdecode") ? 32 : 0);
    var text = prefix == null ? "" : prefix.value();
    if (text.length() > LONGEST_PREFIX) {
      throw Values.bad("Maximum prefix length 29 for --log-prefix");
    }
    return new Target.Log(text, number, flags);
  }
}
