package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdConfigurationReader.BadConfigurationException;
import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import java.time.Duration;
import java.util.Optional;

/** {@code configure …}. */
final class BirdConfigure {
  private static final long DEFAULT_TIMEOUT = 300;

  private final BirdState state;
  private final BirdTime time;
  private final Cursor words;

  BirdConfigure(BirdState state, BirdTime time, Cursor words) {
    this.state = state;
    this.time = time;
    this.words = words;
  }

  private boolean two() {
    return state.release().is2();
  }

  String answer() throws SyntaxException {
    if (words.take("check")) {
      return check();
    }
    if (words.take("undo")) {
      end();
      return undo();
    }
    if (words.take("confirm")) {
      end();
      return state.reconfiguration().confirm()
          ? new BirdReply().end("0018", "Reconfiguration confirmed")
          : new BirdReply().end("0019", "Nothing to do");
    }
    if (two() && words.take("status")) {
      end();
      return status();
    }
    return take();
  }

  private void end() throws SyntaxException {
    if (!words.isAtEnd()) {
      throw SyntaxException.unexpected(words.peek(), "END");
    }
  }

  private String file() {
    return words.peek().kind() == Token.Kind.TEXT
        ? words.next().text()
        : state.configuration().file();
  }

  private String check() throws SyntaxException {
    var file = file();
    end();
    var reply = new BirdReply().line("0002", "Reading configuration from " + file);
    try {
      state.reconfiguration().read(file);
      return reply.end("0020", "Configuration OK");
    } catch (BadConfigurationException e) {
      return reply.end("8002", String.valueOf(e.getMessage()));
    }
  }

  private String take() throws SyntaxException {
    boolean soft = words.take("soft");
    var file = file();
    Optional<Duration> timeout = Optional.empty();
    if (words.take("timeout")) {
      timeout =
          Optional.of(
              Duration.ofSeconds(
                  words.isAtEnd() ? DEFAULT_TIMEOUT : words.expect(Token.Kind.NUMBER).number()));
    }
    end();
    var reply = new BirdReply().line("0002", "Reading configuration from " + file);
    try {
      var next = state.reconfiguration().read(file);
      boolean takesTime = state.reconfiguration().take(next, soft, timeout, time.now());
      timeout.ifPresent(t -> reply.line("0022", "Undo scheduled in " + t.toSeconds() + " s"));
      return taken(reply, takesTime);
    } catch (BadConfigurationException e) {
      return reply.end("8002", String.valueOf(e.getMessage()));
    }
  }

  private static String taken(BirdReply reply, boolean takesTime) {
    return takesTime
        ? reply.end("0004", "Reconfiguration in progress")
        : reply.end("0003", "Reconfigured");
  }

  private String undo() {
    var reply = new BirdReply().line("0021", "Undo requested");
    return state
        .reconfiguration()
        .undo()
        .map(takesTime -> taken(reply, takesTime))
        .orElseGet(() -> reply.end("0019", "Nothing to do"));
  }

  private String status() {
    var reply = new BirdReply();
    switch (state.progress()) {
      case RUNNING -> reply.line("0003", "Daemon is up and running");
      case RECONFIGURING -> reply.line("0004", "Reconfiguration in progress");
      case STOPPING -> reply.line("0006", "Shutdown in progress");
    }
    state
        .reconfiguration()
        .unconfirmed(time.now())
        .ifPresent(
            left ->
                reply.line("0022", "Configuration unconfirmed, undo in " + time.left(left) + " s"));
    return reply.end();
  }
}
