package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdConfiguration.Option;
import dev.aviary.emulator.bird.BirdConfiguration.Section;
import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.Definitions;
import dev.aviary.emulator.bird.filter.Expression;
import dev.aviary.emulator.bird.filter.FilterParser;
import dev.aviary.emulator.bird.filter.FilterRun;
import dev.aviary.emulator.bird.filter.Statement;
import dev.aviary.emulator.bird.filter.Subject;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import dev.aviary.emulator.bird.filter.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a daemon's configuration from its files. */
final class BirdConfigurationReader {
  private final Map<String, String> files;
  private final BirdDialect dialect;
  private final List<Section> protocols = new ArrayList<>();
  private final Map<String, Section> templates = new HashMap<>();
  private final Map<String, BirdSymbol> symbols = new LinkedHashMap<>();
  private final Map<String, Definitions.Function> functions = new HashMap<>();
  private final Map<String, Statement> filters = new HashMap<>();
  private final Map<String, Value> constants = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Set<String> words = new LinkedHashSet<>();

  private BirdConfigurationReader(Map<String, String> files, BirdDialect dialect) {
    this.files = files;
    this.dialect = dialect;
  }

  /** A configuration that cannot be read; the message begins with file, line and column. */
  static final class BadConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    BadConfigurationException(String message) {
      super(message);
    }
  }

  /** Reads {@code main}; what it includes is looked for among {@code files}. */
  static BirdConfiguration read(Map<String, String> files, String main, BirdDialect dialect)
      throws BadConfigurationException {
    var reader = new BirdConfigurationReader(files, dialect);
    switch (dialect) {
      case BIRD_1_6 -> reader.define("master", BirdSymbol.Kind.TABLE);
      case BIRD_2_0 -> {
        reader.define("master4", BirdSymbol.Kind.TABLE);
        reader.define("master6", BirdSymbol.Kind.TABLE);
      }
    }
    BirdSymbol.SYSTEM.forEach(each -> reader.symbols.put(each.name(), each));
    reader.file(main);
    reader.words.removeAll(reader.symbols.keySet());
    return new BirdConfiguration(
        main,
        reader.protocols,
        List.copyOf(reader.symbols.values()),
        reader.definitions(),
        reader.words);
  }

  private void define(String name, BirdSymbol.Kind kind) {
    symbols.put(name, new BirdSymbol(name, kind));
  }

  private Definitions definitions() {
    return new Definitions(functions, filters, constants);
  }

  private void file(String name) throws BadConfigurationException {
    var text = files.get(name);
    if (text == null) {
      throw new BadConfigurationException(name + ": No such file or directory");
    }
    var cursor = new Cursor(text);
    try {
      while (!cursor.isAtEnd()) {
        statement(cursor);
      }
    } catch (SyntaxException wrong) {
      throw new BadConfigurationException(
          "%s:%d:%d %s".formatted(name, wrong.at().line(), wrong.at().column(), say(wrong)));
    }
  }

  private String say(SyntaxException wrong) {
    return switch (dialect) {
      case BIRD_1_6 -> wrong.brief();
      case BIRD_2_0 -> wrong.detailed(symbols::containsKey);
    };
  }

  private void statement(Cursor in) throws SyntaxException, BadConfigurationException {
    var word = note(in.next());
    switch (word.text()) {
      case ";" -> {}
      case "include" -> {
        var name = in.expect(Token.Kind.TEXT).text();
        in.expect(";");
        file(name);
      }
      case "define" -> constant(in);
      case "function" -> function(in);
      case "filter" -> filter(in);
      case "table" -> table(in);
      case "protocol", "template" -> protocol(word.is("template"), in);
      default -> {
        if (in.peek().is("table")) {
          note(in.next());
          table(in);
        } else {
          skip(in);
        }
      }
    }
  }

  private Token note(Token word) {
    if (word.kind() == Token.Kind.NAME) {
      words.add(word.text());
    }
    return word;
  }

  /** An option that nobody asks for, up to its semicolon. */
  private List<Token> skip(Cursor in) throws SyntaxException {
    var taken = new ArrayList<Token>();
    int depth = 0;
    while (depth > 0 || !in.peek().is(";")) {
      if (in.isAtEnd() || (depth == 0 && in.peek().is("}"))) {
        throw SyntaxException.unexpected(in.peek());
      }
      var word = note(in.next());
      taken.add(word);
      depth += word.is("{") ? 1 : word.is("}") ? -1 : 0;
    }
    in.expect(";");
    return taken;
  }

  private void constant(Cursor in) throws SyntaxException {
    var name = in.expect(Token.Kind.NAME).text();
    in.expect("=");
    var value = new FilterParser(in, definitions().names()).expression();
    in.expect(";");
    constants.put(name, new FilterRun(definitions(), new Subject.None(), true).evaluate(value));
    define(name, BirdSymbol.Kind.CONSTANT);
  }

  private void function(Cursor in) throws SyntaxException {
    var name = in.expect(Token.Kind.NAME).text();
    define(name, BirdSymbol.Kind.FUNCTION);
    var parser = new FilterParser(in, definitions().names());
    var parameters = parser.parameters();
    functions.put(name, new Definitions.Function(parameters, parser.body()));
  }

  private void filter(Cursor in) throws SyntaxException {
    var name = in.expect(Token.Kind.NAME).text();
    define(name, BirdSymbol.Kind.FILTER);
    filters.put(name, new FilterParser(in, definitions().names()).body());
  }

  private void table(Cursor in) throws SyntaxException {
    define(in.expect(Token.Kind.NAME).text(), BirdSymbol.Kind.TABLE);
    skip(in);
  }

  private void protocol(boolean template, Cursor in) throws SyntaxException {
    var kind = note(in.expect(Token.Kind.NAME)).text();
    var name = "";
    if (in.peek().kind() == Token.Kind.NAME && !in.peek().is("from")) {
      name = in.next().text();
    }
    if (name.isEmpty()) {
      do {
        name = kind + numbers.merge(kind, 1, Integer::sum);
      } while (symbols.containsKey(name));
    }
    define(name, template ? BirdSymbol.Kind.TEMPLATE : BirdSymbol.Kind.PROTOCOL);
    var base = Optional.<Section>empty();
    if (in.peek().is("from")) {
      note(in.next());
      var from = in.expect(Token.Kind.NAME);
      base = Optional.ofNullable(templates.get(from.text()));
      if (base.isEmpty()) {
        throw SyntaxException.because(from, "Template or protocol '" + from.text() + "' not found");
      }
    }
    var section = body(kind, name, base, in);
    in.take(";");
    if (template) {
      templates.put(name, section);
    } else {
      protocols.add(section);
    }
  }

  private Section body(String kind, String name, Optional<Section> base, Cursor in)
      throws SyntaxException {
    var options = new ArrayList<>(base.map(Section::options).orElse(List.of()));
    var channels = new ArrayList<>(base.map(Section::channels).orElse(List.of()));
    in.expect("{");
    while (!in.take("}")) {
      if (in.isAtEnd()) {
        throw SyntaxException.unexpected(in.peek());
      }
      if (in.take(";")) {
        continue;
      }
      if (isChannel(in.peek()) && (in.peek(1).is("{") || in.peek(1).is(";"))) {
        channel(channels, in);
      } else {
        BirdOptions.check(kind, in);
        options.add(option(in));
      }
    }
    return new Section(kind, name, options, channels);
  }

  private static boolean isChannel(Token word) {
    return word.is("ipv4") || word.is("ipv6");
  }

  private void channel(List<Section> channels, Cursor in) throws SyntaxException {
    var family = note(in.next()).text();
    var before = channels.stream().filter(each -> each.kind().equals(family)).findFirst();
    channels.removeIf(each -> each.kind().equals(family));
    channels.add(
        in.peek().is("{")
            ? body(family, family, before, in)
            : before.orElse(new Section(family, family, List.of(), List.of())));
    in.expect(";");
  }

  private Option option(Cursor in) throws SyntaxException {
    var first = in.peek();
    if (!first.is("import") && !first.is("export")) {
      return new Option(skip(in), Optional.empty());
    }
    var taken = new ArrayList<Token>();
    taken.add(note(in.next()));
    if (in.peek().is("where")) {
      taken.add(note(in.next()));
      int from = in.position();
      var condition = new FilterParser(in, definitions().names()).expression();
      noteSince(in, from);
      in.expect(";");
      return new Option(taken, Optional.of(where(condition)));
    }
    if (in.peek().is("filter") && in.peek(1).is("{")) {
      taken.add(note(in.next()));
      var body = new FilterParser(in, definitions().names()).body();
      in.expect(";");
      return new Option(taken, Optional.of(body));
    }
    var rest = skip(in);
    taken.addAll(rest);
    return new Option(taken, named(rest));
  }

  /** The words of a condition, which stands outside of any filter. */
  private void noteSince(Cursor in, int from) {
    for (int i = from - in.position(); i < 0; i++) {
      note(in.peek(i));
    }
  }

  private static Statement where(Expression condition) {
    return new Statement.If(condition, new Statement.Accept(), Optional.of(new Statement.Reject()));
  }

  private Optional<Statement> named(List<Token> words) throws SyntaxException {
    if (words.isEmpty()) {
      return Optional.empty();
    }
    var first = words.getFirst();
    if (first.is("all")) {
      return Optional.of(new Statement.Accept());
    }
    if (first.is("none")) {
      return Optional.of(new Statement.Reject());
    }
    var name = first.is("filter") && words.size() > 1 ? words.get(1) : first;
    var filter = Optional.ofNullable(filters.get(name.text()));
    if (first.is("filter") && filter.isEmpty()) {
      throw SyntaxException.unexpected(name);
    }
    return filter;
  }
}
