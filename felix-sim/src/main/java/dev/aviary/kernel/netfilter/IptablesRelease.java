package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import java.util.Optional;

/** A release of the iptables tools, as far as they print in their own manner. */
public enum IptablesRelease {
  V1_8_7("1.8.7"),
  V1_8_9("1.8.9");

  private final String version;

  IptablesRelease(String version) {
    this.version = version;
  }

  /** The release of that number. */
  public static Optional<IptablesRelease> parse(String version) {
    for (var release : values()) {
      if (release.version.equals(version)) {
        return Optional.of(release);
      }
    }
    return Optional.empty();
  }

  /** "1.8.9". */
  public String version() {
    return version;
  }

  /** What stands behind the version in what iptables-nft-save says first. */
  public String nftSuffix() {
    return this == V1_8_7 ? "" : " (nf_tables)";
  }

  /** What stands for IPv4's fragment option where the rules are IPv6's. */
  String options6() {
    return this == V1_8_7 ? "  " : "--";
  }

  /** A protocol as {@code -L -n} has it: 1.8.7 knew some names without looking them up. */
  String numericProtocol(int protocol) {
    return switch (this) {
      case V1_8_7 ->
          switch (protocol) {
            case 0 -> "all";
            case IpProtocol.ICMP,
                IpProtocol.TCP,
                IpProtocol.UDP,
                50,
                51,
                IpProtocol.SCTP,
                IpProtocol.UDPLITE ->
                IpProtocol.name(protocol);
            case IpProtocol.ICMPV6 -> "icmpv6";
            case 135 -> "mh";
            default -> Integer.toString(protocol);
          };
      case V1_8_9 -> Integer.toString(protocol);
    };
  }
}
