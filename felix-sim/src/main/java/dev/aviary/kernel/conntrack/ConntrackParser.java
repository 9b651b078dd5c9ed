package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a line of {@code conntrack -L}, with or without {@code -o extended} and {@code -o id}, or
 * of {@code /proc/net/nf_conntrack}.
 *
 * <pre>
 * [ipv4 2] tcp 6 86394 ESTABLISHED src= dst= sport= dport= [UNREPLIED] src= … [ASSURED] mark= use=
 * </pre>
 */
public final class ConntrackParser {
  private static final int LONGEST = 4096;

  private final String line;
  private final Deque<String> words = new ArrayDeque<>();
  private String context = "";

  ConntrackParser(String line) {
    this.line = line;
  }

  /** Says what is wrong with a line. */
  public static final class BadLineException extends Exception {
    BadLineException(String message) {
      super(message, null, false, false);
    }
  }

  ConntrackEntry parse(int id, long now) throws BadLineException {
    if (line.length() > LONGEST) {
      throw new BadLineException("line of " + line.length() + " characters is too long");
    }
    words.addAll(List.of(line.strip().split("[ \t]+", -1)));
    if (words.element().equals("ipv4") || words.element().equals("ipv6")) {
      words.remove();
      words.poll();
    }
    word("a protocol");
    int protocol = number("a protocol number", 255);
    int seconds = number("a timeout", Integer.MAX_VALUE);
    var state = protocol == IpProtocol.TCP ? state(word("a TCP state")) : ConnectionState.NONE;
    var association = protocol == IpProtocol.SCTP ? association(word("an SCTP state")) : null;
    while (!words.isEmpty() && words.element().contains("timeout=")) {
      words.remove(); // GRE's own two, which only /proc has
    }
    var original = tuple(protocol);
    boolean unreplied = take("[UNREPLIED]");
    var reply = tuple(protocol);
    boolean assured = take("[ASSURED]");
    var rest = rest();
    var entry =
        new ConntrackEntry(original, reply, (int) (long) rest.getOrDefault("id", (long) id));
    entry.setState(state);
    if (association != null) {
      entry.setAssociation(association);
    }
    entry.setMark((int) (long) rest.getOrDefault("mark", 0L));
    entry.expireAt(now + seconds * 1000L);
    entry.setSecurityContext(context);
    if (!unreplied) {
      entry.setSeenReply();
    }
    if (assured) {
      entry.setAssured();
    }
    translated(entry);
    return entry;
  }

  private String word(String what) throws BadLineException {
    var word = words.poll();
    if (word == null || word.isEmpty()) {
      throw new BadLineException(what + " is missing");
    }
    return word;
  }

  private int number(String what, int most) throws BadLineException {
    var word = word(what);
    return (int) parse(what, word, most);
  }

  private static long parse(String what, String word, long most) throws BadLineException {
    if (word.matches("[0-9]{1,10}") && Long.parseLong(word) <= most) {
      return Long.parseLong(word);
    }
    throw new BadLineException("'" + word + "' is not " + what);
  }

  private static ConnectionState state(String text) throws BadLineException {
    for (var state : ConnectionState.values()) {
      if (state.toString().equals(text)) {
        return state;
      }
    }
    throw new BadLineException("'" + text + "' is not a TCP state");
  }

  private static SctpTracker.Association association(String text) throws BadLineException {
    for (var state : SctpTracker.State.values()) {
      if (state.name().equals(text)) {
        return SctpTracker.Association.listed(state);
      }
    }
    throw new BadLineException("'" + text + "' is not an SCTP state");
  }

  private boolean take(String word) {
    boolean there = word.equals(words.peek());
    if (there) {
      words.remove();
    }
    return there;
  }

  /** The fields up to the next tuple or flag. */
  private FlowTuple tuple(int protocol) throws BadLineException {
    var source = address("src");
    var destination = address("dst");
    if (IpProtocol.hasPorts(protocol)) {
      return new FlowTuple(
          source, destination, protocol, field("sport", 65535), field("dport", 65535));
    }
    if (protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6) {
      int type = field("type", 255);
      int code = field("code", 255);
      return new FlowTuple(source, destination, protocol, field("id", 65535), (type << 8) | code);
    }
    while (!words.isEmpty() && words.element().matches("(src|dst)key=.*")) {
      words.remove();
    }
    return new FlowTuple(source, destination, protocol, 0, 0);
  }

  private IpAddress address(String name) throws BadLineException {
    var value = value(name);
    return IpAddress.parse(value)
        .orElseThrow(() -> new BadLineException("'" + value + "' is not an address"));
  }

  private int field(String name, int most) throws BadLineException {
    return (int) parse("a number for " + name, value(name), most);
  }

  private String value(String name) throws BadLineException {
    var word = word(name + "=");
    if (!word.startsWith(name + "=")) {
      throw new BadLineException(name + "= expected, not '" + word + "'");
    }
    return word.substring(name.length() + 1);
  }

  private Map<String, Long> rest() throws BadLineException {
    var found = new HashMap<String, Long>();
    while (!words.isEmpty()) {
      var word = words.remove();
      int equals = word.indexOf('=');
      if (word.startsWith("[") && word.endsWith("]")) {
        continue; // [OFFLOAD] and the like say nothing of the flow
      }
      if (equals < 0) {
        throw new BadLineException("'" + word + "' is not understood");
      }
      var name = word.substring(0, equals);
      var value = word.substring(equals + 1);
      switch (name) {
        case "secctx" -> context = value;
        case "mark", "use", "zone", "id", "secmark", "delta-time" ->
            found.put(name, parse("a number for " + name, value, 0xffff_ffffL));
        default -> throw new BadLineException("'" + word + "' is not understood");
      }
    }
    return found;
  }

  /** What differs between the two directions was translated, and is settled. */
  private static void translated(ConntrackEntry entry) throws BadLineException {
    var plain = entry.original().inverted();
    if (plain == null || plain.source().family() != entry.reply().source().family()) {
      throw new BadLineException("the two directions do not belong together");
    }
    var reply = entry.reply();
    boolean icmp = plain.isIcmp();
    entry.natDone(
        Manip.DESTINATION,
        isOther(plain.source(), reply.source(), plain.sourceKey(), reply.sourceKey(), icmp));
    entry.natDone(
        Manip.SOURCE,
        isOther(
            plain.destination(),
            reply.destination(),
            icmp ? plain.sourceKey() : plain.destinationKey(),
            icmp ? reply.sourceKey() : reply.destinationKey(),
            false));
  }

  private static boolean isOther(
      IpAddress a, IpAddress b, int keyA, int keyB, boolean addressesOnly) {
    return !a.equals(b) || (!addressesOnly && keyA != keyB);
  }
}
