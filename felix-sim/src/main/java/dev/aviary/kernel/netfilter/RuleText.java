package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.Prefix;
import org.jspecify.annotations.Nullable;

/** Rules in the form of {@code iptables -S} and {@code iptables-save}. */
final class RuleText {
  private static final String PLAIN =
      "_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private RuleText() {}

  /** What stands behind "-A CHAIN ", without trailing blank. */
  static String rule(Rule rule) {
    var out = new StringBuilder();
    address(out, "-s", rule.source(), rule.notSource());
    address(out, "-d", rule.destination(), rule.notDestination());
    device(out, "-i", rule.inDevice(), rule.notInDevice());
    device(out, "-o", rule.outDevice(), rule.notOutDevice());
    if (rule.protocol() != 0) {
      out.append(rule.notProtocol() ? "! " : "");
      out.append("-p ").append(IpProtocol.name(rule.protocol())).append(' ');
    }
    if (rule.fragment()) {
      out.append(rule.notFragment() ? "! -f " : "-f ");
    }
    for (var match : rule.matches()) {
      out.append(MatchText.save(match)).append(' ');
    }
    out.append(TargetText.save(rule.target()));
    return out.toString().stripTrailing();
  }

  private static void address(
      StringBuilder out, String option, @Nullable Prefix prefix, boolean inverted) {
    if (prefix != null) {
      out.append(inverted ? "! " : "").append(option).append(' ').append(prefix).append(' ');
    }
  }

  private static void device(
      StringBuilder out, String option, @Nullable String device, boolean inverted) {
    if (device != null) {
      out.append(inverted ? "! " : "").append(option).append(' ').append(device).append(' ');
    }
  }

  /** A word as the tools quote it: bare where it is plain, else in quotes with escapes. */
  static String quote(String text) {
    boolean plain = !text.isEmpty() && text.chars().allMatch(c -> PLAIN.indexOf(c) >= 0);
    if (plain) {
      return text;
    }
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c == '\'') {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append('"').toString();
  }
}
