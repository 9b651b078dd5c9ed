package dev.aviary.kernel;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;

/** The errors that a socket's owner sees. */
final class Errno {
  private Errno() {}

  /** Of a route that does not lead anywhere, as connect() and sendto() return it. */
  static String ofRoute(RouteDecision.Fail fail) {
    return switch (fail.reason()) {
      case BLACKHOLE -> "EINVAL";
      case UNREACHABLE -> "EHOSTUNREACH";
      case PROHIBITED -> "EACCES";
      default -> "ENETUNREACH";
    };
  }

  /** Of an ICMP error (Linux's icmp_err_convert); empty for one that is none. */
  static String ofIcmp(Packet error) {
    if (error.protocol() == IpProtocol.ICMPV6) {
      return switch (error.icmpType()) {
        case 1 ->
            switch (error.icmpCode()) {
              case 0 -> "ENETUNREACH";
              case 1, 5, 6 -> "EACCES";
              case 4 -> "ECONNREFUSED";
              default -> "EHOSTUNREACH";
            };
        case 2 -> "EMSGSIZE";
        case 3 -> "EHOSTUNREACH";
        case 4 -> "EPROTO";
        default -> "";
      };
    }
    return switch (error.icmpType()) {
      case 3 ->
          switch (error.icmpCode()) {
            case 0, 6, 9, 11 -> "ENETUNREACH";
            case 2 -> "ENOPROTOOPT";
            case 3 -> "ECONNREFUSED";
            case 4 -> "EMSGSIZE";
            case 5 -> "EOPNOTSUPP";
            case 7 -> "EHOSTDOWN";
            case 8 -> "ENONET";
            default -> "EHOSTUNREACH";
          };
      case 11 -> "EHOSTUNREACH";
      case 12 -> "EPROTO";
      default -> "";
    };
  }
}
