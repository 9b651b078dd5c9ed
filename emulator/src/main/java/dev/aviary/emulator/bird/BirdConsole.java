package dev.aviary.emulator.bird;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;

/**
 * One client's dialog with a node's daemon: a line in, a reply out, as BIRD 1.6.8's control socket
 * has it. What an emulated daemon does not have, files to configure from and an expression
 * evaluator, is refused by name. Used on the node's event loop.
 */
public final class BirdConsole {
  /** The version of Calico v3.22's BIRD. */
  public static final String VERSION = "v0.3.3+birdv1.6.8";

  /** What the server says first. */
  public static final String BANNER = "0001 BIRD " + VERSION + " ready.\n";

  private static final String SYNTAX = "syntax error";
  private static final Set<String> DENIED =
      Set.of("configure", "down", "disable", "enable", "restart", "reload", "debug", "mrtdump");
  private static final Set<String> NOT_HERE =
      Set.of("configure", "down", "debug", "mrtdump", "dump", "eval", "add", "delete", "flush");

  private final BirdDaemon daemon;
  private final ZoneId zone;
  private boolean restricted;

  /**
   * A dialog with {@code node}'s daemon of {@code family}.
   *
   * @param started when that began to run
   */
  public BirdConsole(CalicoNode node, IpFamily family, Instant started, ZoneId zone) {
    this.daemon = new BirdDaemon(node, family, started);
    this.zone = zone;
  }

  /** The whole reply to {@code line}, which has no line end. */
  public String answer(String line, Instant now) {
    var words = new BirdWords(line);
    var time = new BirdTime(now, zone);
    var verb = words.next();
    if (restricted && DENIED.contains(verb)) {
      return denied();
    }
    if (NOT_HERE.contains(verb)) {
      return new BirdReply().end("8000", "'" + verb + "' is not there in an emulated daemon");
    }
    return switch (verb) {
      case "show" -> show(words, time);
      case "disable", "enable", "restart" -> control(verb, words);
      case "reload" -> reload(words);
      case "restrict" -> restrict(words);
      case "echo" -> new BirdReply().end();
      default -> syntax();
    };
  }

  private static String syntax() {
    return new BirdReply().end("9001", SYNTAX);
  }

  private static String denied() {
    return new BirdReply().end("8007", "Access denied");
  }

  private String restrict(BirdWords words) {
    if (!words.isEmpty()) {
      return syntax();
    }
    restricted = true;
    return new BirdReply().end("0016", "Access restricted");
  }

  private String show(BirdWords words, BirdTime time) {
    return switch (words.next()) {
      case "status" -> words.isEmpty() ? status(time) : syntax();
      case "protocols" -> protocols(words, time);
      case "route" -> new BirdRouteReport(daemon, time).answer(words);
      case "interfaces" -> interfaces(words);
      case "static" -> statics(words);
      case "symbols" -> symbols(words);
      case "bfd" ->
          words.take("sessions")
              ? new BirdReply().end("9001", "There is no BFD protocol running")
              : syntax();
      case "roa" -> new BirdReply().end("9001", "No ROA table defined");
      case "rip" -> new BirdReply().end("9001", "There is no RIP protocol running");
      case "memory" ->
          new BirdReply().end("8000", "'show memory' is not there in an emulated daemon");
      default -> syntax();
    };
  }

  private String status(BirdTime time) {
    var reply = new BirdReply().line("1000", "BIRD " + VERSION);
    reply.line("1011", "Router ID is " + daemon.routerId());
    reply.line("1011", "Current server time is " + time.whole(time.now()));
    reply.line("1011", "Last reboot on " + time.whole(daemon.started()));
    reply.line("1011", "Last reconfiguration on " + time.whole(daemon.started()));
    return reply.end("0013", "Daemon is up and running");
  }

  private String protocols(BirdWords words, BirdTime time) {
    boolean all = words.take("all");
    var chosen = new Choice(words.next());
    if (!words.isEmpty()) {
      return syntax();
    }
    var found = daemon.protocols().stream().filter(p -> chosen.takes(p.name())).toList();
    if (found.isEmpty()) {
      return chosen.nothing();
    }
    var reply = new BirdReply();
    reply.line("2002", "name     proto    table    state  since       info");
    for (var protocol : found) {
      reply.line("1002", protocol.row(time));
      if (all) {
        protocol.details(reply);
      }
    }
    return reply.end();
  }

  /** A name, a pattern in quotes, or nothing, which takes all. */
  private record Choice(String word) {
    boolean takes(String name) {
      return word.isEmpty()
          || BirdWords.quoted(word).map(p -> BirdWords.matches(p, name)).orElse(word.equals(name));
    }

    String nothing() {
      return BirdWords.quoted(word).isPresent()
          ? new BirdReply().end("8003", "No protocols match")
          : new BirdReply().end("9002", word + " is not a protocol");
    }
  }

  private String interfaces(BirdWords words) {
    boolean summary = words.take("summary");
    if (!words.isEmpty()) {
      return syntax();
    }
    var reply = new BirdReply();
    if (summary) {
      reply.line("2005", "interface state address");
      daemon.interfaces().forEach(each -> reply.line("1005", each.summary()));
    } else {
      daemon.interfaces().forEach(each -> each.print(reply));
    }
    return reply.end();
  }

  private String statics(BirdWords words) {
    var name = words.next();
    if (!words.isEmpty()) {
      return syntax();
    }
    if (!name.isEmpty() && !name.equals("static1")) {
      return new BirdReply().end("9001", name + ": Not a protocol");
    }
    var reply = new BirdReply();
    for (var entry : daemon.routes()) {
      if (entry.route().protocol().equals("static1")) {
        reply.line("1009", entry.route().prefix() + " blackhole");
      }
    }
    return reply.end();
  }

  private String symbols(BirdWords words) {
    var wanted = words.next();
    if (!words.isEmpty()) {
      return syntax();
    }
    var reply = new BirdReply();
    for (var symbol : BirdSymbols.of(daemon)) {
      if (symbol.name().equals(wanted)) {
        return new BirdReply().end("1010", symbol.line());
      }
      if (wanted.isEmpty() || symbol.kind().answersTo(wanted)) {
        reply.line("1010", symbol.line());
      }
    }
    return reply.isEmpty()
        ? new BirdReply().end("1010", "%-8s\t%s".formatted(wanted, "undefined"))
        : reply.end();
  }

  private String control(String verb, BirdWords words) {
    var word = words.next();
    var text = BirdWords.quoted(words.next()).orElse("");
    if (word.isEmpty() || !words.isEmpty()) {
      return syntax();
    }
    var choice = new Choice(word.equals("all") ? "" : word);
    var found = daemon.protocols().stream().filter(p -> choice.takes(p.name())).toList();
    if (found.isEmpty()) {
      return choice.nothing();
    }
    var reply = new BirdReply();
    for (var protocol : found) {
      act(verb, protocol, text, reply);
    }
    return reply.end();
  }

  private void act(String verb, BirdProtocol protocol, String text, BirdReply reply) {
    var name = protocol.name();
    var speaker = daemon.speaker();
    if (!protocol.kind().equals("BGP") || speaker.isEmpty()) {
      reply.line("8006", name + ": only sessions can be stopped in an emulated daemon");
      return;
    }
    BgpSpeaker to = speaker.get();
    switch (verb) {
      case "disable" -> {
        if (protocol.isDown()) {
          reply.line("0008", name + ": already disabled");
        } else {
          to.disable(name, text);
          reply.line("0009", name + ": disabled");
        }
      }
      case "enable" -> {
        if (protocol.isDown()) {
          to.enable(name);
          reply.line("0011", name + ": enabled");
        } else {
          reply.line("0010", name + ": already enabled");
        }
      }
      default -> {
        if (protocol.isDown()) {
          reply.line("0008", name + ": already disabled");
        } else {
          to.restart(name, text);
          reply.line("0012", name + ": restarted");
        }
      }
    }
  }

  private String reload(BirdWords words) {
    boolean in = words.take("in");
    if (!in) {
      words.take("out");
    }
    var word = words.next();
    if (word.isEmpty() || !words.isEmpty()) {
      return syntax();
    }
    var choice = new Choice(word.equals("all") ? "" : word);
    var found = daemon.protocols().stream().filter(p -> choice.takes(p.name())).toList();
    if (found.isEmpty()) {
      return choice.nothing();
    }
    var reply = new BirdReply();
    for (var protocol : found) {
      boolean done =
          switch (protocol.kind()) {
            case "BGP" -> daemon.speaker().map(s -> s.refresh(protocol.name())).orElse(false);
            case "Kernel", "Device" -> true;
            default -> false;
          };
      reply.line(
          done ? "0015" : "8006", protocol.name() + (done ? ": reloading" : ": reload failed"));
    }
    return reply.end();
  }

  /** What birdc prints of a reply: without codes, and nothing for an empty last line. */
  public static String asClientPrints(String reply) {
    var out = new StringBuilder();
    for (var line : reply.split("\n", -1)) {
      if (line.startsWith(" ")) {
        out.append(line.substring(1)).append('\n');
      } else if (line.length() >= 5 && !line.equals("0000 ")) {
        out.append(line.substring(5)).append('\n');
      }
    }
    return out.toString();
  }
}
