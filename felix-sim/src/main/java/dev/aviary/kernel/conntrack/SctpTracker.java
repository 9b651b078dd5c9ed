package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.SctpChunk;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** SCTP's states as conntrack sees them (the table of Linux's nf_conntrack_proto_sctp, 6.2 on). */
final class SctpTracker {
  /** What was seen of an association; see {@link Association} for the rest. */
  enum State {
    NONE,
    CLOSED,
    COOKIE_WAIT,
    COOKIE_ECHOED,
    ESTABLISHED,
    SHUTDOWN_SENT,
    SHUTDOWN_RECD,
    SHUTDOWN_ACK_SENT,
    HEARTBEAT_SENT;

    /** The name of its timeout among the sysctls. */
    String timeoutName() {
      return "sctp_timeout_" + (this == NONE ? CLOSED : this).name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a packet does to an association. */
  enum Effect {
    /** It lives on for its state's time. */
    REFRESH,
    /** The packet belongs to it, and that is all. */
    NOTHING,
    INVALID
  }

  /** What conntrack keeps of an association; index 0 is the original direction. */
  static final class Association {
    private final int[] tags = new int[2];
    private final boolean[] opened = new boolean[2];
    private State state = State.NONE;
    private boolean known = true;
    private boolean heartbeatFailed;
    private int failedDirection;

    State state() {
      return state;
    }

    /** One that a listing tells of: its tags are not in it, so none is wrong. */
    static Association listed(State state) {
      var association = new Association();
      association.state = state;
      association.known = false;
      return association;
    }

    private boolean isWrong(int tag, int direction) {
      return known && tag != tags[direction];
    }
  }

  private static final String COLUMNS = "NO CL CW CE ES SS SR SA HS";
  private static final Map<Integer, Map<State, String>> ORIGINAL =
      table(
          "CL CL CW CE ES CL CL SA CW",
          "CL CL CW CE ES SS SR SA CL",
          "CL CL CL CL CL CL CL CL CL",
          "CL CL CW CE SS SS SR SA CL",
          "SA CL CW CE ES SA SA SA SA",
          "CL CL CW CE ES SS SR SA CL",
          "CL CL CE CE ES SS SR SA CL",
          "CL CL CW ES ES SS SR SA CL",
          "CL CL CW CE ES SS SR CL CL",
          "HS CL CW CE ES SS SR SA HS",
          "CL CL CW CE ES SS SR SA HS");
  private static final Map<Integer, Map<State, String>> REPLY =
      table(
          "IV CL CW CE ES SS SR SA IV",
          "IV CW CW CE ES SS SR SA IV",
          "IV CL CL CL CL CL CL CL IV",
          "IV CL CW CE SR SS SR SA IV",
          "IV CL CW CE ES SA SA SA IV",
          "IV CL CW CL ES SS SR SA IV",
          "IV CL CE CE ES SS SR SA IV",
          "IV CL CW ES ES SS SR SA IV",
          "IV CL CW CE ES SS SR CL IV",
          "IV CL CW CE ES SS SR SA HS",
          "IV CL CW CE ES SS SR SA ES");

  private SctpTracker() {}

  private static Map<Integer, Map<State, String>> table(String... rows) {
    var chunks =
        List.of(
            SctpChunk.INIT,
            SctpChunk.INIT_ACK,
            SctpChunk.ABORT,
            SctpChunk.SHUTDOWN,
            SctpChunk.SHUTDOWN_ACK,
            SctpChunk.ERROR,
            SctpChunk.COOKIE_ECHO,
            SctpChunk.COOKIE_ACK,
            SctpChunk.SHUTDOWN_COMPLETE,
            SctpChunk.HEARTBEAT,
            SctpChunk.HEARTBEAT_ACK);
    var table = new HashMap<Integer, Map<State, String>>();
    var from = COLUMNS.split(" ", -1);
    for (int i = 0; i < rows.length; i++) {
      var row = new EnumMap<State, String>(State.class);
      var to = rows[i].split(" ", -1);
      for (int j = 0; j < from.length; j++) {
        row.put(state(from[j]), to[j]);
      }
      table.put(chunks.get(i), row);
    }
    return table;
  }

  private static State state(String code) {
    return switch (code) {
      case "NO" -> State.NONE;
      case "CL" -> State.CLOSED;
      case "CW" -> State.COOKIE_WAIT;
      case "CE" -> State.COOKIE_ECHOED;
      case "ES" -> State.ESTABLISHED;
      case "SS" -> State.SHUTDOWN_SENT;
      case "SR" -> State.SHUTDOWN_RECD;
      case "SA" -> State.SHUTDOWN_ACK_SENT;
      case "HS" -> State.HEARTBEAT_SENT;
      default -> throw new IllegalArgumentException(code);
    };
  }

  private static Map<State, String> row(int chunk, int direction) {
    return (direction == 0 ? ORIGINAL : REPLY).getOrDefault(chunk, Map.of());
  }

  /** True if chunks stand where RFC 9260 §6.10 lets them, and there is one. */
  private static boolean isSound(List<SctpChunk> chunks) {
    boolean alone = false;
    for (int i = 0; i < chunks.size(); i++) {
      var chunk = chunks.get(i);
      int type = chunk.type();
      alone |=
          type == SctpChunk.INIT
              || type == SctpChunk.INIT_ACK
              || type == SctpChunk.SHUTDOWN_COMPLETE;
      boolean first = type == SctpChunk.COOKIE_ACK || type == SctpChunk.COOKIE_ECHO;
      if (chunk.length() == 0 || (i > 0 && (alone || first))) {
        return false;
      }
    }
    return !chunks.isEmpty();
  }

  /**
   * The association that {@code packet} begins, or empty if nothing can begin with it (RFC 9260
   * §8.4).
   */
  static Optional<Association> open(Packet packet) {
    var chunks = SctpChunk.of(packet.payload());
    var types = types(chunks);
    if (!isSound(chunks)
        || types.contains(SctpChunk.ABORT)
        || types.contains(SctpChunk.SHUTDOWN_COMPLETE)
        || types.contains(SctpChunk.COOKIE_ACK)) {
      return Optional.empty();
    }
    var association = new Association();
    int tag = packet.verificationTag();
    for (var chunk : chunks) {
      if (!ORIGINAL.containsKey(chunk.type())) {
        return Optional.empty(); // DATA and the like lead nowhere from nothing
      }
      switch (chunk.type()) {
        case SctpChunk.INIT -> {
          if (tag != 0 || !chunk.hasInitFields()) {
            return Optional.empty();
          }
          association.tags[1] = chunk.initTag();
        }
        case SctpChunk.HEARTBEAT -> association.tags[0] = tag;
        default -> association.tags[1] = tag;
      }
    }
    return Optional.of(association);
  }

  private static Set<Integer> types(List<SctpChunk> chunks) {
    var types = new HashSet<Integer>();
    chunks.forEach(chunk -> types.add(chunk.type()));
    return types;
  }

  /** Moves {@code association} on by the chunks of {@code packet}, one after the other. */
  static Effect update(
      Association association, Packet packet, boolean isReply, ConntrackEntry entry) {
    var chunks = SctpChunk.of(packet.payload());
    var types = types(chunks);
    int direction = isReply ? 1 : 0;
    if (!isSound(chunks)) {
      return Effect.INVALID;
    }
    boolean asksItself = types.stream().anyMatch(SctpTracker::asksTagItself);
    if (!asksItself && association.isWrong(packet.verificationTag(), direction)) {
      return Effect.INVALID;
    }
    boolean quiet = false;
    for (var chunk : chunks) {
      var effect = tags(association, packet, chunk, direction, types, quiet);
      if (effect == Effect.INVALID) {
        return effect;
      }
      if (effect == Effect.NOTHING) {
        quiet = true;
        continue;
      }
      var before = association.state;
      var code = row(chunk.type(), direction).get(before);
      if ("IV".equals(code)) {
        return Effect.INVALID;
      }
      var after = code == null ? before : state(code);
      if (chunk.type() == SctpChunk.INIT || chunk.type() == SctpChunk.INIT_ACK) {
        if (!note(association, chunk, direction)) {
          return Effect.INVALID;
        }
        // An INIT that is sent again must not keep what was translated alive for ever.
        quiet |=
            chunk.type() == SctpChunk.INIT
                && before == State.CLOSED
                && after == State.CLOSED
                && entry.isConfirmed();
      }
      if (after != before) {
        association.state = after;
        entry.stateChanged();
        if (after == State.ESTABLISHED) {
          entry.setAssured();
        }
      }
    }
    return quiet ? Effect.NOTHING : Effect.REFRESH;
  }

  /** Chunks that have rules of their own for the tag (RFC 9260 §8.5.1). */
  private static boolean asksTagItself(int type) {
    return switch (type) {
      case SctpChunk.INIT,
          SctpChunk.SHUTDOWN_COMPLETE,
          SctpChunk.COOKIE_ECHO,
          SctpChunk.ABORT,
          SctpChunk.SHUTDOWN_ACK,
          SctpChunk.HEARTBEAT,
          SctpChunk.HEARTBEAT_ACK ->
          true;
      default -> false;
    };
  }

  /** REFRESH if the packet's tag suits the chunk, NOTHING if the chunk is to be passed over. */
  private static Effect tags(
      Association association,
      Packet packet,
      SctpChunk chunk,
      int direction,
      Set<Integer> types,
      boolean quiet) {
    int tag = packet.verificationTag();
    int other = 1 - direction;
    return switch (chunk.type()) {
      case SctpChunk.INIT -> tag == 0 ? Effect.REFRESH : Effect.INVALID;
      case SctpChunk.ABORT, SctpChunk.SHUTDOWN_COMPLETE ->
          association.isWrong(tag, chunk.isTagReflected() ? other : direction)
              ? Effect.INVALID
              : Effect.REFRESH;
      case SctpChunk.COOKIE_ECHO ->
          association.isWrong(tag, direction) ? Effect.INVALID : Effect.REFRESH;
      case SctpChunk.COOKIE_ACK -> {
        association.opened[0] = false;
        association.opened[1] = false;
        yield Effect.REFRESH;
      }
      case SctpChunk.HEARTBEAT, SctpChunk.HEARTBEAT_ACK -> {
        if (association.tags[direction] == 0) {
          association.tags[direction] = tag;
          yield Effect.REFRESH;
        }
        if (!association.isWrong(tag, direction)) {
          association.heartbeatFailed = false;
          yield Effect.REFRESH;
        }
        yield types.contains(SctpChunk.DATA) || quiet
            ? Effect.INVALID
            : movedHeartbeat(association, chunk, tag, direction);
      }
      default -> Effect.REFRESH;
    };
  }

  /** An end may have begun anew with another tag: whether so, the answer to a heartbeat tells. */
  private static Effect movedHeartbeat(
      Association association, SctpChunk chunk, int tag, int direction) {
    if (chunk.type() == SctpChunk.HEARTBEAT) {
      association.heartbeatFailed = true;
      association.failedDirection = direction;
      return Effect.NOTHING;
    }
    if (!association.heartbeatFailed || association.failedDirection == direction) {
      return Effect.INVALID;
    }
    association.heartbeatFailed = false;
    association.tags[direction] = tag;
    association.tags[1 - direction] = 0;
    return Effect.REFRESH;
  }

  /** Notes which tag the sender wants to see; false if that is not the one it wanted before. */
  private static boolean note(Association association, SctpChunk chunk, int direction) {
    int other = 1 - direction;
    if (!chunk.hasInitFields()) {
      return false;
    }
    int tag = chunk.initTag();
    if (chunk.type() == SctpChunk.INIT) {
      if (association.opened[direction] && association.opened[other]) {
        association.opened[other] = false;
      }
      association.opened[direction] = true;
    } else {
      int wanted = association.tags[other];
      boolean changed = !association.opened[other] && wanted != 0 && wanted != tag;
      boolean crossed = association.opened[0] && association.opened[1] && wanted != tag;
      if (changed || crossed) {
        return false;
      }
    }
    association.tags[other] = tag;
    return true;
  }
}
