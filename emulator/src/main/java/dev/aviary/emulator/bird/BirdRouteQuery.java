package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.Expression;
import dev.aviary.emulator.bird.filter.FilterParser;
import dev.aviary.emulator.bird.filter.FilterRun;
import dev.aviary.emulator.bird.filter.Statement;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code show route …} asks for: its arguments, in any order. */
final class BirdRouteQuery {
  private final BirdState state;
  private final Cursor words;

  Optional<Prefix> prefix = Optional.empty();
  boolean longest;
  boolean inside;
  boolean all;
  boolean primary;
  boolean filtered;
  boolean count;
  boolean stats;
  Export export = Export.NONE;
  Optional<BirdProtocol> exportTo = Optional.empty();
  String exportChannel = "";
  Optional<BirdProtocol> protocol = Optional.empty();
  Optional<Statement> filter = Optional.empty();
  Optional<Expression> where = Optional.empty();
  List<String> tables = new ArrayList<>();
  boolean allTables;
  Optional<Adjacent> adjacent = Optional.empty();

  /** Which side of an export is asked for. */
  enum Export {
    NONE,
    PREEXPORT,
    EXPORT,
    NOEXPORT
  }

  /** A channel's own table of what came in, or of what went out. */
  record Adjacent(String protocol, String channel, boolean in) {
    String name() {
      return protocol + "." + channel;
    }
  }

  BirdRouteQuery(BirdState state, Cursor words) {
    this.state = state;
    this.words = words;
  }

  BirdRouteQuery read() throws SyntaxException, BirdReplyException {
    while (!words.isAtEnd()) {
      argument();
    }
    return this;
  }

  private boolean two() {
    return state.release().is2();
  }

  private void argument() throws SyntaxException, BirdReplyException {
    var word = words.peek();
    if (word.kind() == Token.Kind.ADDRESS) {
      prefix = Optional.of(prefix());
      return;
    }
    if (word.kind() != Token.Kind.NAME) {
      throw SyntaxException.unexpected(word);
    }
    words.next();
    switch (word.text()) {
      case "all" -> all = true;
      case "primary" -> primary = true;
      case "filtered" -> filtered = true;
      case "count" -> count = true;
      case "stats" -> stats = true;
      case "for" -> {
        prefix = Optional.of(target());
        longest = true;
      }
      case "table" -> table();
      case "protocol" -> protocol = Optional.of(BirdChoice.one(state, words));
      case "preexport", "noexport", "export", "import" -> export(word);
      case "where" ->
          where =
              Optional.of(
                  new FilterParser(words, state.configuration().definitions().names())
                      .expression());
      case "filter" -> filter = Optional.of(filter());
      case "in" -> {
        if (!two()) {
          throw SyntaxException.unexpected(word);
        }
        prefix = Optional.of(prefix());
        inside = true;
      }
      default -> throw SyntaxException.unexpected(word);
    }
  }

  private Prefix prefix() throws SyntaxException {
    var word = words.expect(Token.Kind.ADDRESS);
    words.expect("/");
    var length = words.expect(Token.Kind.NUMBER);
    return Prefix.parse(word.text() + "/" + length.text())
        .orElseThrow(() -> SyntaxException.because(word, "Invalid prefix"));
  }

  private Prefix target() throws SyntaxException {
    if (words.peek(1).is("/")) {
      return prefix();
    }
    var word = words.expect(Token.Kind.ADDRESS);
    return IpAddress.parse(word.text())
        .map(a -> Prefix.of(a, a.family() == IpFamily.IPV4 ? 32 : 128))
        .orElseThrow(() -> SyntaxException.unexpected(word));
  }

  private void table() throws SyntaxException, BirdReplyException {
    if (two() && words.take("all")) {
      allTables = true;
      return;
    }
    var word = words.peek();
    if (word.kind() == Token.Kind.NAME
        && state.tables().stream().anyMatch(each -> each.name().equals(word.text()))) {
      words.next();
      tables.add(word.text());
    } else if (two()) {
      throw SyntaxException.unexpected(word, "CF_SYM_KNOWN", "ALL");
    } else if (word.kind() == Token.Kind.NAME) {
      throw new BirdReplyException("9001", word.text() + " is not a table");
    } else {
      throw SyntaxException.unexpected(word);
    }
  }

  private void export(Token word) throws SyntaxException, BirdReplyException {
    boolean adjacentTable = words.peek().is("table");
    if (two() && adjacentTable && (word.is("import") || word.is("export"))) {
      words.next();
      var from = BirdChoice.one(state, words);
      words.expect(".");
      var channel = words.expect(Token.Kind.NAME).text();
      adjacent = Optional.of(new Adjacent(from.name(), channel, word.is("import")));
      return;
    }
    export =
        switch (word.text()) {
          case "preexport" -> Export.PREEXPORT;
          case "noexport" -> Export.NOEXPORT;
          case "export" -> Export.EXPORT;
          default -> throw SyntaxException.unexpected(word);
        };
    var to = BirdChoice.one(state, words);
    exportTo = Optional.of(to);
    if (two() && words.take(".")) {
      exportChannel = words.expect(Token.Kind.NAME).text();
    }
    if (!two() && to.isDown()) {
      throw new BirdReplyException("8005", "Protocol is down");
    }
  }

  private Statement filter() throws SyntaxException {
    if (words.peek().is("{")) {
      return new FilterParser(words, state.configuration().definitions().names()).body();
    }
    var word = words.peek();
    var found = Optional.ofNullable(state.configuration().definitions().filters().get(word.text()));
    if (word.kind() != Token.Kind.NAME || found.isEmpty()) {
      throw SyntaxException.unexpected(word);
    }
    words.next();
    return found.get();
  }

  /** What the query's own filter makes of a route; empty if it does not let it pass. */
  Optional<BirdRoute> pass(BirdRoute route) {
    var dialect = state.release().dialect();
    var subject = new BirdSubject(route, dialect);
    var run =
        new FilterRun(
            state.configuration().definitions(), subject, dialect == BirdDialect.BIRD_1_6);
    var outcome =
        where.map(run::where).or(() -> filter.map(run::run)).orElse(FilterRun.Outcome.ACCEPTED);
    return outcome == FilterRun.Outcome.ACCEPTED ? Optional.of(subject.route()) : Optional.empty();
  }
}
