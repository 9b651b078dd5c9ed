package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpFamily;
import java.util.Locale;

/** Connections as {@code conntrack -L} and {@code /proc/net/nf_conntrack} print them. */
public final class ConntrackText {
  private ConntrackText() {}

  private static String protocolName(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmpv6";
      case IpProtocol.GRE -> "gre";
      case IpProtocol.SCTP -> "sctp";
      case IpProtocol.UDPLITE -> "udplite";
      default -> "unknown";
    };
  }

  private static String head(ConntrackEntry entry, long now) {
    int protocol = entry.original().protocol();
    var out = new StringBuilder();
    out.append(String.format(Locale.ROOT, "%-8s %d ", protocolName(protocol), protocol));
    out.append(entry.remaining(now).toSeconds()).append(' ');
    var state = entry.stateText();
    return out.append(state).append(state.isEmpty() ? "" : " ").toString();
  }

  private static String tuples(ConntrackEntry entry, String original, String reply) {
    return original
        + " "
        + (entry.hasSeenReply() ? "" : "[UNREPLIED] ")
        + reply
        + " "
        + (entry.isAssured() ? "[ASSURED] " : "")
        + "mark="
        + Integer.toUnsignedString(entry.mark())
        + (entry.securityContext().isEmpty() ? "" : " secctx=" + entry.securityContext());
  }

  private static String layer3(ConntrackEntry entry) {
    return Conntrack.family(entry) == IpFamily.IPV4 ? "ipv4     2 " : "ipv6     10 ";
  }

  /** One line of {@code conntrack -L}; {@code extended} and {@code id} as -o has them. */
  public static String line(ConntrackEntry entry, long now, boolean extended, boolean id) {
    return (extended ? layer3(entry) : "")
        + head(entry, now)
        + tuples(entry, entry.original().toString(), entry.reply().toString())
        + " use=1"
        + (id ? " id=" + Integer.toUnsignedString(entry.id()) : "");
  }

  /**
   * One line of {@code conntrack -E}: what the event's message has, and no more. The state is left
   * out where it did not change, the timeout where an entry ended by it, the mark where it is zero
   * and did not become so now.
   */
  public static String event(ConntrackEvents.Event event, long now, boolean extended, boolean id) {
    var entry = event.entry();
    int protocol = entry.original().protocol();
    boolean ended = event.kind() == ConntrackEvents.Kind.DESTROY;
    var out = new StringBuilder();
    out.append(String.format(Locale.ROOT, "%9s ", "[" + event.kind() + "]"));
    out.append(extended ? layer3(entry) : "");
    out.append(String.format(Locale.ROOT, "%-8s %d ", protocolName(protocol), protocol));
    long seconds = entry.remaining(now).toSeconds();
    if (!ended || seconds > 0) {
      out.append(seconds).append(' ');
    }
    var state = event.withState() ? entry.stateText() : "";
    out.append(state).append(state.isEmpty() ? "" : " ");
    out.append(entry.original()).append(' ');
    out.append(entry.hasSeenReply() ? "" : "[UNREPLIED] ");
    out.append(entry.reply());
    out.append(entry.isAssured() ? " [ASSURED]" : "");
    if (event.withMark() || entry.mark() != 0) {
      out.append(" mark=").append(Integer.toUnsignedString(entry.mark()));
    }
    if (id) {
      out.append(" id=").append(Integer.toUnsignedString(entry.id()));
    }
    if (event.portId() != 0) {
      out.append(" [USERSPACE] portid=").append(Integer.toUnsignedString(event.portId()));
    }
    return out.toString();
  }

  /** One line of {@code /proc/net/nf_conntrack}. */
  public static String proc(ConntrackEntry entry, long now) {
    int protocol = entry.original().protocol();
    var gre = protocol == IpProtocol.GRE ? "timeout=30, stream_timeout=180 " : "";
    return layer3(entry)
        + head(entry, now)
        + gre
        + tuples(entry, entry.original().procText(), entry.reply().procText())
        + " zone=0 use=2";
  }
}
