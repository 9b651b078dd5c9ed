package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Chains as {@code iptables -L} prints them. */
public final class ListText {
  /** The options of {@code -L}: -n, -v, -x, --line-numbers. */
  public record Options(
      boolean numeric,
      boolean verbose,
      boolean exact,
      boolean lineNumbers,
      IptablesRelease release) {
    /** In the manner of 1.8.9. */
    public Options(boolean numeric, boolean verbose, boolean exact, boolean lineNumbers) {
      this(numeric, verbose, exact, lineNumbers, IptablesRelease.V1_8_9);
    }
  }

  private static final Prefix LOOPBACK = Prefix.of("127.0.0.0/8");

  private final Options options;
  private final IpFamily family;
  private final ToIntFunction<String> references;
  private final StringBuilder out = new StringBuilder();

  private ListText(Options options, IpFamily family, ToIntFunction<String> references) {
    this.options = options;
    this.family = family;
    this.references = references;
  }

  static String list(
      List<Chain> chains, Options options, IpFamily family, ToIntFunction<String> references) {
    var text = new ListText(options, family, references);
    for (var chain : chains) {
      text.chain(chain);
    }
    return text.out.toString();
  }

  private void chain(Chain chain) {
    out.append(out.isEmpty() ? "" : "\n");
    out.append("Chain ").append(chain.name());
    if (chain.isBuiltIn()) {
      out.append(" (policy ").append(chain.drops() ? "DROP" : "ACCEPT");
      if (options.verbose()) {
        out.append(' ').append(number(chain.packets(), true)).append("packets, ");
        out.append(number(chain.octets(), true)).append("bytes");
      }
      out.append(")\n");
    } else {
      out.append(" (").append(references.applyAsInt(chain.name())).append(" references)\n");
    }
    header();
    int at = 0;
    for (var entry : chain.rules()) {
      rule(++at, entry);
    }
  }

  private void header() {
    if (options.lineNumbers()) {
      out.append("num  ");
    }
    if (options.verbose()) {
      out.append(options.exact() ? "    pkts      bytes " : " pkts bytes ");
    }
    out.append("target     prot opt");
    if (options.verbose()) {
      out.append(" in     out    ");
    }
    out.append(" source               destination         \n");
  }

  /** A counter with the blank behind; {@code free} leaves out the padding. */
  private String number(long number, boolean free) {
    long value = number;
    var unit = "";
    if (!options.exact() && value > 99_999) {
      for (var next : List.of("K", "M", "G", "T")) {
        value = (value + 500) / 1000;
        unit = next;
        if (value <= 9999) {
          break;
        }
      }
    }
    if (free) {
      return value + unit + " ";
    }
    if (options.exact()) {
      return String.format(Locale.ROOT, "%8d ", value);
    }
    return unit.isEmpty()
        ? String.format(Locale.ROOT, "%5d ", value)
        : String.format(Locale.ROOT, "%4d%s ", value, unit);
  }

  private void rule(int at, RuleEntry entry) {
    var rule = entry.rule();
    if (options.lineNumbers()) {
      out.append(String.format(Locale.ROOT, "%-4d ", at));
    }
    if (options.verbose()) {
      out.append(number(entry.packets(), false)).append(number(entry.octets(), false));
    }
    out.append(String.format(Locale.ROOT, "%-9s ", TargetText.name(rule.target())));
    out.append(rule.notProtocol() ? "!" : " ");
    out.append(String.format(Locale.ROOT, "%-4s ", protocol(rule.protocol())));
    if (family == IpFamily.IPV4) {
      out.append(rule.notFragment() ? '!' : '-').append(rule.fragment() ? 'f' : '-');
      out.append(' ');
    } else {
      out.append(options.release().options6()).append(' ');
    }
    if (options.verbose()) {
      out.append(String.format(Locale.ROOT, " %-6s ", device(rule.inDevice(), rule.notInDevice())));
      out.append(
          String.format(Locale.ROOT, "%-6s ", device(rule.outDevice(), rule.notOutDevice())));
    }
    out.append(rule.notSource() ? '!' : ' ');
    out.append(String.format(Locale.ROOT, "%-19s ", address(rule.source())));
    out.append(rule.notDestination() ? '!' : ' ');
    out.append(String.format(Locale.ROOT, "%-19s ", address(rule.destination())));
    if (rule.target() instanceof Target.Jump(_, var isGoto) && isGoto) {
      out.append("[goto] ");
    }
    for (var match : rule.matches()) {
      out.append(' ').append(MatchList.text(match, options.numeric()));
    }
    var target = TargetText.list(rule.target());
    out.append(target.isEmpty() ? "" : " ").append(target).append('\n');
  }

  private String protocol(int protocol) {
    if (options.numeric()) {
      return options.release().numericProtocol(protocol);
    }
    return protocol == 0 ? "all" : IpProtocol.name(protocol);
  }

  private String device(@Nullable String device, boolean inverted) {
    if (device == null) {
      return options.numeric() ? "*" : "any";
    }
    return (inverted ? "!" : "") + device;
  }

  private String address(@Nullable Prefix prefix) {
    if (prefix == null || prefix.length() == 0) {
      return options.numeric() ? (family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0") : "anywhere";
    }
    if (!options.numeric() && prefix.equals(LOOPBACK)) {
      return "loopback/8"; // the one network that /etc/networks names
    }
    return prefix.isHost() ? prefix.address().toString() : prefix.toString();
  }
}
