package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.FilterParser;
import dev.aviary.emulator.bird.filter.FilterRun;
import dev.aviary.emulator.bird.filter.RunException;
import dev.aviary.emulator.bird.filter.Subject;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;

/**
 * One client's dialog with a daemon: a line in, a reply out, as the control sockets of BIRD 1.6.8
 * and 2.0.12 have it. For a node's daemon it is used on the node's event loop.
 */
public final class BirdConsole {
  private static final Set<String> DENIED =
      Set.of(
          "configure",
          "down",
          "disable",
          "enable",
          "restart",
          "reload",
          "debug",
          "mrtdump",
          "graceful");
  private static final Set<String> SILENT = Set.of("help", "exit", "quit");

  private final BirdState state;
  private final ZoneId zone;
  private boolean restricted;

  BirdConsole(BirdState state, ZoneId zone) {
    this.state = state;
    this.zone = zone;
  }

  /** What the server says first. */
  public String banner() {
    return state.release().banner();
  }

  /** The whole reply to {@code line}, which has no line end; 2.0 says nothing to some. */
  public String answer(String line, Instant now) {
    var time = new BirdTime(now, zone, state.release().dialect());
    state.reconfiguration().expire(now);
    try {
      return answer(new Cursor(line.replace("\r", "")), time);
    } catch (SyntaxException wrong) {
      return new BirdReply().end("9001", say(wrong));
    } catch (BirdReplyException refused) {
      return refused.reply();
    }
  }

  private String say(SyntaxException wrong) {
    return switch (state.release().dialect()) {
      case BIRD_1_6 -> wrong.brief();
      case BIRD_2_0 ->
          wrong.detailed(
              name ->
                  state.configuration().symbols().stream()
                      .anyMatch(symbol -> symbol.name().equals(name)));
    };
  }

  private boolean two() {
    return state.release().is2();
  }

  private String answer(Cursor words, BirdTime time) throws SyntaxException, BirdReplyException {
    var verb = words.peek();
    if (verb.kind() != Token.Kind.NAME) {
      throw SyntaxException.unexpected(verb);
    }
    words.next();
    if (two() && SILENT.contains(verb.text()) && words.isAtEnd()) {
      return "";
    }
    if (restricted && isDenied(verb, words)) {
      throw new BirdReplyException("8007", "Access denied");
    }
    return switch (verb.text()) {
      case "show" -> new BirdShow(state, time, words).answer();
      case "disable" -> new BirdControl(state, words).control(BirdState.Action.DISABLE);
      case "enable" -> new BirdControl(state, words).control(BirdState.Action.ENABLE);
      case "restart" -> new BirdControl(state, words).control(BirdState.Action.RESTART);
      case "reload" -> new BirdControl(state, words).reload();
      case "debug", "mrtdump" -> new BirdControl(state, words).debug();
      case "dump" -> new BirdControl(state, words).dump();
      case "echo" -> new BirdControl(state, words).echo();
      case "configure" -> new BirdConfigure(state, time, words).answer();
      case "eval" -> evaluate(words);
      case "restrict" -> restrict(words);
      case "down" -> down(words);
      case "add", "delete", "flush" -> roa(verb, words);
      default -> throw SyntaxException.unexpected(verb);
    };
  }

  /** 1.6 lets a restricted client check a configuration, 2.0 lets it ask how one fares. */
  private boolean isDenied(Token verb, Cursor words) {
    boolean asks = words.peek().is(two() ? "status" : "check");
    return DENIED.contains(verb.text()) && !(verb.is("configure") && asks);
  }

  private void end(Cursor words) throws SyntaxException {
    if (!words.isAtEnd()) {
      throw SyntaxException.unexpected(words.peek(), "END");
    }
  }

  private String restrict(Cursor words) throws SyntaxException {
    end(words);
    restricted = true;
    return new BirdReply().end("0016", "Access restricted");
  }

  private String down(Cursor words) throws SyntaxException {
    end(words);
    state.shutdown();
    return new BirdReply().end("0007", "Shutdown requested");
  }

  /** There are tables of route origins in 1.6 alone, and Calico configures none. */
  private String roa(Token verb, Cursor words) throws SyntaxException, BirdReplyException {
    if (two() || !words.peek().is("roa")) {
      throw SyntaxException.unexpected(two() ? verb : words.peek());
    }
    throw new BirdReplyException("9001", "No ROA table defined");
  }

  private String evaluate(Cursor words) throws SyntaxException, BirdReplyException {
    var definitions = state.configuration().definitions();
    var expression = new FilterParser(words, definitions.names()).expression();
    end(words);
    try {
      var value = new FilterRun(definitions, new Subject.None(), !two()).evaluate(expression);
      return new BirdReply().end("0023", value.toString());
    } catch (RunException error) {
      // BIRD 2 computes constants while it still reads.
      if (two() && FilterParser.DIVIDE_BY_ZERO.equals(error.getMessage())) {
        throw new BirdReplyException("9001", "filter preevaluation, line 1: " + error.getMessage());
      }
      throw new BirdReplyException("8008", "runtime error");
    }
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
