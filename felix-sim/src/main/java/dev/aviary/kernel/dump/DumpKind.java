package dev.aviary.kernel.dump;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which tool printed a file, told by the file's name; in the order in which they are loaded. */
public enum DumpKind {
  /** {@code ip addr}, {@code ip -d link}, or both in one file. */
  ADDRESSES("ip-?(-[46]-?)?(addr|address|a|link)([.-]|$)|ifconfig"),
  /** {@code sysctl -a}. */
  SYSCTLS("sysctl"),
  /** {@code ip rule}. */
  RULES("ip-?rule"),
  RULES6("ip-?-?6-?rule"),
  /** {@code ip route}, also with {@code table all}. */
  ROUTES("ip-?route(?!-?get)|^routes?([.-]|$)"),
  ROUTES6("ip-?-?6-?route"),
  /** {@code ip neigh}. */
  NEIGHBORS("ip-?neigh"),
  /** {@code bridge fdb}. */
  FORWARDING("fdb"),
  /** {@code ipset save} or {@code ipset list}. */
  SETS("ipset"),
  /** {@code iptables-save}. */
  TABLES("iptables-save|^iptables([.-]|$)"),
  TABLES6("ip6tables"),
  /** {@code conntrack -L}. */
  CONNECTIONS("conntrack(-l)?([.-]|$)|nf_conntrack");

  private final Pattern name;

  DumpKind(String pattern) {
    this.name = Pattern.compile(pattern);
  }

  /** What a file of that name holds; empty for a name that says nothing. */
  public static Optional<DumpKind> of(String fileName) {
    var text = fileName.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    for (var kind : values()) {
      if (kind.name.matcher(text).find()) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
