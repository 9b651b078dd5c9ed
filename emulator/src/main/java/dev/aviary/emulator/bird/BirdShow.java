package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** {@code show …}. */
final class BirdShow {
  private static final Set<String> LATER = Set.of("ospf", "rip", "babel");

  private final BirdState state;
  private final BirdTime time;
  private final Cursor words;

  BirdShow(BirdState state, BirdTime time, Cursor words) {
    this.state = state;
    this.time = time;
    this.words = words;
  }

  private boolean two() {
    return state.release().is2();
  }

  String answer() throws SyntaxException, BirdReplyException {
    var word = words.peek();
    if (word.kind() != Token.Kind.NAME) {
      throw SyntaxException.unexpected(word);
    }
    if (LATER.contains(word.text())) {
      return absent(word);
    }
    return switch (word.text()) {
      case "status" -> status();
      case "protocols" -> protocols();
      case "route" -> route();
      case "interfaces" -> interfaces();
      case "memory" -> memory();
      case "static" -> statics();
      case "symbols" -> symbols();
      case "bfd" -> bfd();
      case "roa" -> roa(word);
      default -> throw SyntaxException.unexpected(word);
    };
  }

  private void end() throws SyntaxException {
    if (!words.isAtEnd()) {
      throw SyntaxException.unexpected(words.peek(), "END");
    }
  }

  /** Protocols that nobody configured, or that the daemon was built without. */
  private String absent(Token word) throws SyntaxException, BirdReplyException {
    if (!state.release().complete() || (word.is("babel") && !two())) {
      throw SyntaxException.unexpected(word);
    }
    words.next();
    if (word.is("ospf")) {
      throw new BirdReplyException("9001", "There is no OSPF protocol running");
    }
    var name = word.is("rip") ? "RIP" : "Babel";
    var next = words.peek();
    if (!next.is("interfaces")
        && !next.is("neighbors")
        && !next.is("entries")
        && !next.is("routes")) {
      if (word.is("rip")) {
        throw SyntaxException.unexpected(next, "INTERFACES", "NEIGHBORS");
      }
      throw SyntaxException.unexpected(next, "ENTRIES", "ROUTES", "INTERFACES", "NEIGHBORS");
    }
    throw new BirdReplyException("9001", "There is no " + name + " protocol running");
  }

  private String roa(Token word) throws SyntaxException, BirdReplyException {
    if (two()) {
      throw SyntaxException.unexpected(word);
    }
    throw new BirdReplyException("9001", "No ROA table defined");
  }

  private String status() throws SyntaxException {
    words.next();
    end();
    var reply = new BirdReply().line("1000", "BIRD " + state.release().version());
    reply.line("1011", "Router ID is " + state.routerId());
    if (two()) {
      reply.line("1011", "Hostname is " + state.hostname());
    }
    reply.line("1011", "Current server time is " + time.whole(time.now()));
    reply.line("1011", "Last reboot on " + time.whole(state.started()));
    reply.line("1011", "Last reconfiguration on " + time.whole(state.reconfigured()));
    state
        .recovery()
        .ifPresent(
            recovery -> {
              reply.line("0024", "Graceful restart recovery in progress");
              reply.line(
                  "0024",
                  "  Waiting for %d %s to recover"
                      .formatted(recovery.waiting(), two() ? "channels" : "protocols"));
              reply.line("0024", "  Wait timer is " + recovery.timer().print(time));
            });
    return reply.end("0013", state.progress().text());
  }

  private String protocols() throws SyntaxException, BirdReplyException {
    words.next();
    boolean all = words.take("all");
    var chosen = state.protocols();
    if (!words.isAtEnd()) {
      chosen =
          all
              ? BirdChoice.take(state, words, "END", "CF_SYM_KNOWN", "TEXT")
              : BirdChoice.take(state, words, "END", "CF_SYM_KNOWN", "TEXT", "ALL");
      end();
    }
    var reply = new BirdReply();
    reply.line(
        "2002",
        two()
            ? "Name       Proto      Table      State  Since         Info"
            : "name     proto    table    state  since       info");
    for (var protocol : chosen) {
      reply.line("1002", protocol.row(time));
      if (all) {
        BirdProtocolDetails.print(protocol, time, reply);
      }
    }
    return reply.end();
  }

  private String route() throws SyntaxException, BirdReplyException {
    words.next();
    return new BirdRouteListing(state, new BirdRouteQuery(state, words).read(), time).print();
  }

  private String interfaces() throws SyntaxException {
    words.next();
    boolean summary = words.take("summary");
    if (!words.isAtEnd()) {
      if (summary) {
        throw SyntaxException.unexpected(words.peek(), "END");
      }
      throw SyntaxException.unexpected(words.peek(), "END", "SUMMARY");
    }
    var reply = new BirdReply();
    if (summary) {
      reply.line(
          "2005",
          two() ? "Interface  State  IPv4 address       IPv6 address" : "interface state address");
      state.interfaces().forEach(each -> reply.line("1005", each.summary(time.dialect())));
    } else {
      state.interfaces().forEach(each -> each.print(reply, time.dialect()));
    }
    return reply.end();
  }

  private String memory() throws SyntaxException {
    words.next();
    end();
    return BirdMemoryReport.print(state.memory(), time.dialect());
  }

  private String statics() throws SyntaxException, BirdReplyException {
    words.next();
    var wanted = words.peek();
    var known = state.protocols().stream().filter(p -> p.kind().equals("Static")).toList();
    if (!words.isAtEnd()) {
      if (wanted.kind() != Token.Kind.NAME) {
        throw SyntaxException.unexpected(wanted, "END", "CF_SYM_KNOWN");
      }
      known = known.stream().filter(p -> p.name().equals(wanted.text())).toList();
      if (known.isEmpty()) {
        if (two()) {
          throw SyntaxException.unexpected(wanted, "END", "CF_SYM_KNOWN");
        }
        throw new BirdReplyException("9001", wanted.text() + ": Not a protocol");
      }
      words.next();
      end();
    }
    var reply = new BirdReply();
    boolean first = true;
    for (var protocol : known) {
      if (protocol.isDown()) {
        continue;
      }
      if (!first && two()) {
        reply.line("1009", "");
      }
      first = false;
      for (var route : state.statics()) {
        if (route.protocol().equals(protocol.name())) {
          reply.line("1009", route.prefix() + (two() ? "\t" : " ") + route.destination());
        }
      }
    }
    return reply.end();
  }

  private String symbols() throws SyntaxException {
    words.next();
    var wanted = words.peek();
    if (!words.isAtEnd() && wanted.kind() != Token.Kind.NAME) {
      throw SyntaxException.unexpected(wanted);
    }
    if (two() && wanted.is("attribute")) {
      throw SyntaxException.unexpected(wanted);
    }
    words.next();
    end();
    var known = state.configuration().symbols();
    boolean isClass = known.stream().anyMatch(symbol -> symbol.kind().answersTo(wanted.text()));
    var reply = new BirdReply();
    for (var symbol : known) {
      if (!isClass && symbol.name().equals(wanted.text())) {
        return reply.end("1010", symbol.line());
      }
      if (wanted.text().isEmpty() || symbol.kind().answersTo(wanted.text())) {
        reply.line("1010", symbol.line());
      }
    }
    if (wanted.text().isEmpty()) {
      words(reply);
      return reply.end();
    }
    return isClass
        ? reply.end()
        : reply.end("1010", new BirdSymbol(wanted.text(), BirdSymbol.Kind.UNDEFINED).line());
  }

  /** 2.0 lists its own words too, if they stand in the configuration. */
  private void words(BirdReply reply) {
    if (two()) {
      for (var word : state.configuration().words()) {
        reply.line("1010", new BirdSymbol(word, BirdSymbol.Kind.UNDEFINED).line());
      }
    }
  }

  private String bfd() throws SyntaxException, BirdReplyException {
    words.next();
    if (!words.take("sessions")) {
      throw SyntaxException.unexpected(words.peek(), "SESSIONS");
    }
    var found = state.bfd();
    if (!words.isAtEnd()) {
      var one = BirdChoice.one(state, words);
      end();
      found = found.stream().filter(each -> each.protocol().equals(one.name())).toList();
    }
    if (found.isEmpty()) {
      throw new BirdReplyException("9001", "There is no BFD protocol running");
    }
    return sessions(found);
  }

  private String sessions(List<BirdState.Bfd> of) {
    var row = two() ? "%-25s %-10s %-10s %-12s  %s  %s" : "%-25s %-10s %-10s %-10s  %s  %s";
    var reply = new BirdReply();
    for (var each : of) {
      reply.line("1020", each.protocol() + ":");
      reply.line(
          "1020",
          row.formatted("IP address", "Interface", "State", "Since", "Interval", "Timeout"));
      for (var session : each.sessions()) {
        reply.line(
            "1020",
            row.formatted(
                session.address(),
                session.device(),
                session.state(),
                time.brief(session.since()),
                seconds(session.interval()),
                seconds(session.timeout())));
      }
    }
    return reply.end();
  }

  private static String seconds(Duration time) {
    return "%3d.%03d".formatted(time.toSeconds(), time.toMillisPart());
  }
}
