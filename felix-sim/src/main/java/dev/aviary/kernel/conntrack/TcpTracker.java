package dev.aviary.kernel.conntrack;

import static dev.aviary.kernel.conntrack.ConnectionState.CLOSE;
import static dev.aviary.kernel.conntrack.ConnectionState.CLOSE_WAIT;
import static dev.aviary.kernel.conntrack.ConnectionState.ESTABLISHED;
import static dev.aviary.kernel.conntrack.ConnectionState.FIN_WAIT;
import static dev.aviary.kernel.conntrack.ConnectionState.LAST_ACK;
import static dev.aviary.kernel.conntrack.ConnectionState.SYN_RECV;
import static dev.aviary.kernel.conntrack.ConnectionState.SYN_SENT;
import static dev.aviary.kernel.conntrack.ConnectionState.SYN_SENT2;
import static dev.aviary.kernel.conntrack.ConnectionState.TIME_WAIT;

import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** TCP's states as conntrack sees them (the table of Linux's nf_conntrack_proto_tcp). */
final class TcpTracker {
  /** The kinds of segments. */
  enum Segment {
    SYN,
    SYNACK,
    FIN,
    ACK,
    RST,
    NONE
  }

  /** What a segment does to a connection. */
  enum Effect {
    MOVE,
    IGNORE,
    INVALID
  }

  record Move(Effect effect, @Nullable ConnectionState state) {
    private static final Move IGNORE = new Move(Effect.IGNORE, null);
    private static final Move INVALID = new Move(Effect.INVALID, null);

    static Move to(ConnectionState state) {
      return new Move(Effect.MOVE, state);
    }
  }

  /** How far back an acknowledgment may reach, in octets (MAXACKWINCONST). */
  private static final int MOST_ACKNOWLEDGED = 66_000;

  private static final String COLUMNS = "NO SS SR ES FW CW LA TW CL S2";
  private static final Map<Segment, Map<ConnectionState, Move>> ORIGINAL =
      table(
          "SS SS IG IG IG IG IG SS SS S2",
          "IV IV SR IV IV IV IV IV IV SR",
          "IV IV FW FW LA LA LA TW CL IV",
          "ES IV ES ES CW CW TW TW CL IV",
          "IV CL CL CL CL CL CL CL CL CL");
  private static final Map<Segment, Map<ConnectionState, Move>> REPLY =
      table(
          "IV S2 IV IV IV IV IV SS IV S2",
          "IV SR IG IG IG IG IG IG IG SR",
          "IV IV FW FW LA LA LA TW CL IV",
          "IV IG SR ES CW CW TW TW CL IG",
          "IV CL CL CL CL CL CL CL CL CL");

  private TcpTracker() {}

  private static Map<Segment, Map<ConnectionState, Move>> table(String... rows) {
    var table = new EnumMap<Segment, Map<ConnectionState, Move>>(Segment.class);
    var kinds = List.of(Segment.SYN, Segment.SYNACK, Segment.FIN, Segment.ACK, Segment.RST);
    for (int i = 0; i < rows.length; i++) {
      var row = new EnumMap<ConnectionState, Move>(ConnectionState.class);
      var from = COLUMNS.split(" ", -1);
      var to = rows[i].split(" ", -1);
      for (int j = 0; j < from.length; j++) {
        row.put(state(from[j]), move(to[j]));
      }
      table.put(kinds.get(i), row);
    }
    return table;
  }

  private static Move move(String code) {
    return switch (code) {
      case "IG" -> Move.IGNORE;
      case "IV" -> Move.INVALID;
      default -> Move.to(state(code));
    };
  }

  private static ConnectionState state(String code) {
    return switch (code) {
      case "NO" -> ConnectionState.NONE;
      case "SS" -> SYN_SENT;
      case "SR" -> SYN_RECV;
      case "ES" -> ESTABLISHED;
      case "FW" -> FIN_WAIT;
      case "CW" -> CLOSE_WAIT;
      case "LA" -> LAST_ACK;
      case "TW" -> TIME_WAIT;
      case "CL" -> CLOSE;
      case "S2" -> SYN_SENT2;
      default -> throw new IllegalArgumentException(code);
    };
  }

  /** Which kind a segment is. */
  static Segment kind(int flags) {
    if ((flags & TcpFlags.RST) != 0) {
      return Segment.RST;
    }
    if ((flags & TcpFlags.SYN) != 0) {
      return (flags & TcpFlags.ACK) != 0 ? Segment.SYNACK : Segment.SYN;
    }
    if ((flags & TcpFlags.FIN) != 0) {
      return Segment.FIN;
    }
    return (flags & TcpFlags.ACK) != 0 ? Segment.ACK : Segment.NONE;
  }

  /** True for the combinations of flags that some TCP may send. */
  static boolean isValid(int flags) {
    int set = flags & ~TcpFlags.PSH & 0x3f;
    return switch (set) {
      case TcpFlags.SYN,
          TcpFlags.SYN | TcpFlags.URG,
          TcpFlags.SYN | TcpFlags.ACK,
          TcpFlags.RST,
          TcpFlags.RST | TcpFlags.ACK,
          TcpFlags.FIN | TcpFlags.ACK,
          TcpFlags.FIN | TcpFlags.ACK | TcpFlags.URG,
          TcpFlags.ACK,
          TcpFlags.ACK | TcpFlags.URG ->
          true;
      default -> false;
    };
  }

  /** Where a segment leads from {@code state}. */
  static Move next(Segment segment, ConnectionState state, boolean isReply) {
    var row = (isReply ? REPLY : ORIGINAL).get(segment);
    var move = row == null ? null : row.get(state);
    return move == null ? Move.INVALID : move;
  }

  /**
   * What the windows say of a reset by the side that opened a connection of which the other side
   * was never seen, as where only one direction is tracked (tcp_in_window, measured with Linux
   * 6.18). The other side's numbers count as 0: what is acknowledged of it must not be above that,
   * and is passed by if it is more than {@link #MOST_ACKNOWLEDGED} below.
   */
  static Effect resetOfUnanswered(ConntrackEntry entry, Packet reset) {
    int sequence = reset.sequence();
    if (sequence != 0 && sequence - entry.side(false).end > 0) {
      return Effect.INVALID;
    }
    int acknowledged = reset.hasFlag(TcpFlags.ACK) ? reset.acknowledgment() : 0;
    // before(acknowledged, 0 + 1), in numbers that wrap around
    if (acknowledged - 1 >= 0) {
      return Effect.INVALID;
    }
    return acknowledged < -MOST_ACKNOWLEDGED ? Effect.IGNORE : Effect.MOVE;
  }

  /** Notes the sequence numbers of a segment. */
  static void note(ConntrackEntry entry, Packet packet, boolean isReply) {
    var sender = entry.side(isReply);
    var receiver = entry.side(!isReply);
    int octets = packet.payload().length;
    if (packet.hasFlag(TcpFlags.SYN)) {
      octets++;
    }
    if (packet.hasFlag(TcpFlags.FIN)) {
      octets++;
    }
    int end = packet.sequence() + octets;
    if (!sender.seen || packet.hasFlag(TcpFlags.SYN)) {
      sender.seen = true;
      sender.end = end;
    } else if (end - sender.end > 0) {
      sender.end = end;
      sender.unacknowledged = true;
    }
    if (packet.hasFlag(TcpFlags.ACK) && packet.acknowledgment() == receiver.end) {
      receiver.unacknowledged = false;
    }
    if (packet.hasFlag(TcpFlags.FIN)) {
      entry.setCloseInit(isReply);
    }
  }

  /** The name of the timeout of {@code state} among the sysctls. */
  static String timeoutName(ConnectionState state) {
    return switch (state) {
      case NONE, SYN_SENT, SYN_SENT2 -> "tcp_timeout_syn_sent";
      case SYN_RECV -> "tcp_timeout_syn_recv";
      case ESTABLISHED -> "tcp_timeout_established";
      case FIN_WAIT -> "tcp_timeout_fin_wait";
      case CLOSE_WAIT -> "tcp_timeout_close_wait";
      case LAST_ACK -> "tcp_timeout_last_ack";
      case TIME_WAIT -> "tcp_timeout_time_wait";
      case CLOSE -> "tcp_timeout_close";
    };
  }
}
