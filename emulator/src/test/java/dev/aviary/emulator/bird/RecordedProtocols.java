package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdCounts.Updates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads the protocols of a reply: rows, and details where they are. */
final class RecordedProtocols {
  private static final Pattern ROW =
      Pattern.compile("(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)(.*)");
  private static final Pattern ROUTES =
      Pattern.compile(
          "(\\d+) imported, (?:(\\d+) filtered, )?(\\d+) exported(?:, (\\d+) preferred)?");

  /** A protocol, and whether its details were printed. */
  record Found(BirdProtocol protocol, boolean full) {}

  private final boolean two;
  private final List<String> details;
  private int at;

  private RecordedProtocols(boolean two, List<String> details) {
    this.two = two;
    this.details = details;
  }

  static List<Found> of(String reply, boolean two) {
    var rows = new LinkedHashMap<String, List<String>>();
    var row = "";
    for (var line : ReplyLines.of(reply)) {
      if (line.code().equals("1002")) {
        row = line.text();
        rows.put(row, new ArrayList<>());
      } else if (line.code().equals("1006")) {
        rows.getOrDefault(row, new ArrayList<>()).add(line.text());
      }
    }
    return rows.entrySet().stream()
        .map(
            each ->
                new Found(
                    new RecordedProtocols(two, each.getValue()).read(each.getKey()),
                    !each.getValue().isEmpty()))
        .toList();
  }

  private BirdProtocol read(String text) {
    var row = ROW.matcher(text);
    if (!row.matches()) {
      throw new AssertionError("no row: " + text);
    }
    int column = two ? 12 : 10;
    var info = row.group(6).substring(Math.max(0, column - row.group(5).length()) + 2);
    boolean session = row.group(2).equals("BGP") && !row.group(4).equals("down");
    var about =
        session && info.length() >= 14
            ? new BirdProtocol.About(info.substring(0, 14).strip(), info.substring(14))
            : new BirdProtocol.About("", info);
    var description = take("  Description:    ");
    var message = take("  Message:        ");
    var channels = new ArrayList<BirdChannel>();
    Optional<BirdSession> bgp = Optional.empty();
    Optional<BirdPipe> pipe = Optional.empty();
    while (at < details.size()) {
      var line = details.get(at);
      if (line.startsWith("  BGP state:")) {
        bgp = Optional.of(session());
      } else if (line.startsWith("  Channel main")) {
        pipe = Optional.of(pipe());
      } else if (line.startsWith("  Channel ")) {
        at++;
        channels.add(channel(line.substring(10), "    "));
      } else if (line.startsWith("  Preference:")) {
        channels.add(channel("", "  "));
      } else if (line.isEmpty()) {
        at++;
      } else {
        throw new AssertionError("unknown detail: " + line);
      }
    }
    return new BirdProtocol(
        row.group(1),
        row.group(2),
        row.group(3),
        row.group(4),
        RecordedTime.brief(row.group(5)),
        about,
        description.orElse(""),
        message.orElse(""),
        bgp,
        channels,
        pipe);
  }

  /** What stands behind {@code start}, if the next line begins so. */
  private Optional<String> take(String start) {
    if (at < details.size() && details.get(at).startsWith(start)) {
      return Optional.of(details.get(at++).substring(start.length()));
    }
    return Optional.empty();
  }

  private String must(String start) {
    return take(start).orElseThrow(() -> new AssertionError("no " + start + " in " + details));
  }

  private BirdChannel channel(String name, String in) {
    var state = two ? must(in + "State:          ") : "";
    var table = two ? must(in + "Table:          ") : "master";
    var preference = must(in + "Preference:     ");
    var input = must(in + "Input filter:   ");
    var output = must(in + "Output filter:  ");
    var recovery =
        take(in + "GR recovery:   ")
            .map(r -> new BirdChannel.Recovery(r.contains("pending"), r.contains("waiting")));
    var limits = new ArrayList<BirdChannel.Limit>();
    for (var kind : List.of("Receive", "Import", "Export")) {
      var limit = take(in + "%-16s".formatted(kind + " limit:"));
      if (limit.isPresent()) {
        limits.add(
            new BirdChannel.Limit(
                kind,
                Integer.parseInt(limit.get().split(" ", -1)[0]),
                limit.get().contains("[HIT]"),
                must(in + "  Action:       ").strip()));
      }
    }
    var counts = take(in + "Routes:         ").map(routes -> counts(routes, in));
    var restart = take(in + "Neighbor GR:    ").orElse("");
    var nextHop =
        take(in + "BGP Next hop:   ").map(h -> List.of(h.split(" ", -1))).orElse(List.of());
    var igp = new ArrayList<BirdChannel.Igp>();
    for (var family : List.of("IGP IPv4", "IGP IPv6")) {
      take(in + family + " table: ").ifPresent(t -> igp.add(new BirdChannel.Igp(family, t)));
    }
    return new BirdChannel(
        name,
        state,
        table,
        Integer.parseInt(preference),
        input,
        output,
        limits,
        recovery,
        counts,
        restart,
        nextHop,
        igp);
  }

  private BirdCounts counts(String routes, String in) {
    var numbers = ROUTES.matcher(routes);
    if (!numbers.matches()) {
      throw new AssertionError(routes);
    }
    must(in + "Route change stats:");
    return new BirdCounts(
        Long.parseLong(numbers.group(1)),
        numbers.group(2) == null
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(numbers.group(2))),
        Long.parseLong(numbers.group(3)),
        numbers.group(4) == null ? 0 : Long.parseLong(numbers.group(4)),
        updates(in + "  Import updates:"),
        updates(in + "  Import withdraws:"),
        updates(in + "  Export updates:"),
        updates(in + "  Export withdraws:"));
  }

  private Updates updates(String start) {
    var numbers =
        List.of(must(start).strip().split("\\s+", -1)).stream()
            .map(n -> n.equals("---") ? 0L : Long.parseLong(n))
            .toList();
    return new Updates(
        numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3), numbers.get(4));
  }

  private BirdPipe pipe() {
    at++;
    var table = must("    Table:          ");
    var peer = must("    Peer table:     ");
    var importState = must("    Import state:   ");
    var exportState = must("    Export state:   ");
    var importFilter = must("    Import filter:  ");
    var exportFilter = must("    Export filter:  ");
    return new BirdPipe(
        table,
        peer,
        importState,
        exportState,
        importFilter,
        exportFilter,
        counts(must("  Routes:         "), "  "));
  }

  private Optional<String> fact(String name) {
    return take("    %-17s ".formatted(name + ":"));
  }

  private BirdSession session() {
    var state = must("  BGP state:          ");
    return new BirdSession(
        state,
        fact("Neighbor address").orElse(""),
        fact("Neighbor AS").orElse(""),
        fact("Local AS").orElse(""),
        take("    Neighbor graceful restart active").isPresent(),
        fact("Restart timer").map(t -> seconds(t.replace("/-", ""))),
        fact("Error wait").map(RecordedProtocols::timer),
        fact("Connect delay").map(RecordedProtocols::timer),
        agreed(),
        fact("Last error").orElse(""));
  }

  private Optional<BirdSession.Agreed> agreed() {
    var id = fact("Neighbor ID");
    if (id.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new BirdSession.Agreed(
            id.get(),
            fact("Neighbor caps").orElse(""),
            take("    Local capabilities").map(_ -> capabilities()),
            take("    Neighbor capabilities").map(_ -> capabilities()),
            fact("Session").orElse(""),
            fact("Source address").orElse(""),
            fact("Route limit"),
            fact("Hold timer").map(RecordedProtocols::timer),
            fact("Keepalive timer").map(RecordedProtocols::timer)));
  }

  private static Duration seconds(String text) {
    return Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
  }

  private static BirdTimer timer(String text) {
    var parts = text.split("/", -1);
    return new BirdTimer(seconds(parts[0]), Duration.ofSeconds(Long.parseLong(parts[1])));
  }

  private boolean has(String line) {
    if (at < details.size() && details.get(at).equals(line)) {
      at++;
      return true;
    }
    return false;
  }

  private List<String> families(String start) {
    return take(start)
        .filter(f -> !f.isBlank())
        .map(f -> List.of(f.strip().split(" ", -1)))
        .orElse(List.of());
  }

  private BirdCapabilities capabilities() {
    boolean mp = has("      Multiprotocol");
    var announced = mp ? families("        AF announced:") : List.<String>of();
    boolean refresh = has("      Route refresh");
    boolean hop = has("      Extended next hop");
    var extended = hop ? families("        IPv6 nexthop:") : List.<String>of();
    boolean messages = has("      Extended message");
    Optional<BirdCapabilities.Restart> restart = Optional.empty();
    if (has("      Graceful restart")) {
      int time = take("        Restart time: ").map(Integer::parseInt).orElse(0);
      boolean recovering = has("        Restart recovery");
      restart =
          Optional.of(
              new BirdCapabilities.Restart(
                  time,
                  recovering,
                  families("        AF supported:"),
                  families("        AF preserved:")));
    }
    boolean as4 = has("      4-octet AS numbers");
    boolean paths = has("      ADD-PATH");
    var receive = paths ? families("        RX:") : List.<String>of();
    var send = paths ? families("        TX:") : List.<String>of();
    boolean enhanced = has("      Enhanced refresh");
    Optional<BirdCapabilities.LongLived> longLived = Optional.empty();
    if (has("      Long-lived graceful restart")) {
      int time = take("        LL stale time: ").map(Integer::parseInt).orElse(0);
      longLived =
          Optional.of(
              new BirdCapabilities.LongLived(
                  families("        AF supported:"), families("        AF preserved:"), time));
    }
    return new BirdCapabilities(
        announced, refresh, extended, messages, restart, as4, receive, send, enhanced, longLived);
  }
}
