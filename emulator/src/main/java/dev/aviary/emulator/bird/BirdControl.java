package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import java.util.Set;

/**
 * {@code disable}, {@code enable}, {@code restart}, {@code reload}, {@code debug}, {@code dump}.
 */
final class BirdControl {
  private static final String[] WHO = {"CF_SYM_KNOWN", "TEXT", "ALL"};
  private static final Set<String> DUMPS =
      Set.of(
          "resources",
          "sockets",
          "events",
          "interfaces",
          "neighbors",
          "attributes",
          "routes",
          "protocols",
          "filter");

  private final BirdState state;
  private final Cursor words;

  BirdControl(BirdState state, Cursor words) {
    this.state = state;
    this.words = words;
  }

  private void end() throws SyntaxException {
    if (!words.isAtEnd()) {
      throw SyntaxException.unexpected(words.peek(), "END");
    }
  }

  String control(BirdState.Action action) throws SyntaxException, BirdReplyException {
    var chosen = BirdChoice.takeOrAll(state, words, WHO);
    var message = words.peek().kind() == Token.Kind.TEXT ? words.next().text() : "";
    end();
    var reply = new BirdReply();
    for (var protocol : chosen) {
      line(reply, action, protocol.name(), state.control(action, protocol, message));
    }
    return reply.end();
  }

  private static void line(
      BirdReply reply, BirdState.Action action, String name, BirdState.Control outcome) {
    switch (outcome) {
      case DONE ->
          reply.line(
              switch (action) {
                case DISABLE -> "0009";
                case ENABLE -> "0011";
                case RESTART -> "0012";
              },
              name
                  + switch (action) {
                    case DISABLE -> ": disabled";
                    case ENABLE -> ": enabled";
                    case RESTART -> ": restarted";
                  });
      case ALREADY -> {
        boolean up = action == BirdState.Action.ENABLE;
        reply.line(up ? "0010" : "0008", name + (up ? ": already enabled" : ": already disabled"));
      }
      case IMPOSSIBLE ->
          reply.line("8006", name + ": only sessions can be stopped in an emulated daemon");
    }
  }

  String reload() throws SyntaxException, BirdReplyException {
    boolean in = words.take("in");
    boolean out = !in && words.take("out");
    var chosen = BirdChoice.takeOrAll(state, words, in || out ? WHO : new String[0]);
    end();
    var reply = new BirdReply();
    for (var protocol : chosen) {
      boolean done = state.reload(protocol, !out, !in);
      reply.line(
          done ? "0015" : "8006", protocol.name() + (done ? ": reloading" : ": reload failed"));
    }
    return reply.end();
  }

  /** What a daemon is to write to its log: who and what must be there, all else is the log's. */
  String debug() throws SyntaxException, BirdReplyException {
    BirdChoice.takeOrAll(state, words, WHO);
    if (state.release().is2() && words.take(".")) {
      words.expect(Token.Kind.NAME);
    }
    flags();
    end();
    return new BirdReply().end();
  }

  /** {@code all}, {@code off}, or some in braces. */
  private void flags() throws SyntaxException {
    if (words.take("all") || words.take("off")) {
      return;
    }
    words.expect("{");
    do {
      words.expect(Token.Kind.NAME);
    } while (words.take(","));
    words.expect("}");
  }

  String echo() throws SyntaxException {
    flags();
    if (!words.isAtEnd()) {
      words.expect(Token.Kind.NUMBER);
    }
    end();
    return new BirdReply().end();
  }

  String dump() throws SyntaxException {
    var what = words.peek();
    if (what.kind() != Token.Kind.NAME || !DUMPS.contains(what.text())) {
      throw SyntaxException.unexpected(what);
    }
    words.next();
    if (what.is("filter")) {
      words.expect("all");
    }
    end();
    return new BirdReply().end();
  }
}
