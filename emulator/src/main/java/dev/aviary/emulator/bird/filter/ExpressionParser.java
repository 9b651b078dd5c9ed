package dev.aviary.emulator.bird.filter;

import dev.aviary.emulator.bird.filter.Expression.Attribute;
import dev.aviary.emulator.bird.filter.Expression.Binary;
import dev.aviary.emulator.bird.filter.Expression.Call;
import dev.aviary.emulator.bird.filter.Expression.Constant;
import dev.aviary.emulator.bird.filter.Expression.Defined;
import dev.aviary.emulator.bird.filter.Expression.Not;
import dev.aviary.emulator.bird.filter.Expression.Part;
import dev.aviary.emulator.bird.filter.Expression.Tuple;
import dev.aviary.emulator.bird.filter.Expression.Variable;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads an expression; a set's or a pattern's parts must be constants, as in BIRD. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("=", "!=", "<", ">", "<=", ">=", "~", "!~");

  private final Cursor words;
  private final Names names;

  ExpressionParser(Cursor words, Names names) {
    this.words = words;
    this.names = names;
  }

  Expression parse() throws SyntaxException {
    var left = comparison();
    while (words.peek().is("&&") || words.peek().is("||")) {
      left = new Binary(words.next().text(), left, comparison());
    }
    return left;
  }

  private Expression comparison() throws SyntaxException {
    var left = sum();
    if (words.peek().kind() == Token.Kind.MARK && COMPARISONS.contains(words.peek().text())) {
      return new Binary(words.next().text(), left, sum());
    }
    return left;
  }

  private Expression sum() throws SyntaxException {
    var left = product();
    while (words.peek().is("+") || words.peek().is("-")) {
      left = new Binary(words.next().text(), left, product());
    }
    return left;
  }

  private Expression product() throws SyntaxException {
    var left = unary();
    while (words.peek().is("*") || words.peek().is("/")) {
      left = new Binary(words.next().text(), left, unary());
    }
    return left;
  }

  private Expression unary() throws SyntaxException {
    if (words.take("!")) {
      return new Not(unary());
    }
    var value = term();
    while (words.peek().is(".") && words.peek(1).kind() == Token.Kind.NAME) {
      words.next();
      var part = words.next().text();
      value = new Part(value, part, words.peek().is("(") ? arguments() : List.of());
    }
    return value;
  }

  private List<Expression> arguments() throws SyntaxException {
    words.expect("(");
    var arguments = new ArrayList<Expression>();
    if (!words.take(")")) {
      do {
        arguments.add(parse());
      } while (words.take(","));
      words.expect(")");
    }
    return arguments;
  }

  private Expression term() throws SyntaxException {
    var word = words.peek();
    return switch (word.kind()) {
      case NUMBER -> new Constant(new Value.Numeric(words.next().number()));
      case TEXT -> new Constant(new Value.Text(words.next().text()));
      case ADDRESS -> address();
      case NAME -> named();
      case MARK -> marked();
      case END -> throw SyntaxException.unexpected(word);
    };
  }

  private Expression address() throws SyntaxException {
    var address = ip();
    if (words.peek().is("/") && words.peek(1).kind() == Token.Kind.NUMBER) {
      return new Constant(new Value.Network(prefix(address)));
    }
    return new Constant(new Value.Address(address));
  }

  private IpAddress ip() throws SyntaxException {
    var word = words.expect(Token.Kind.ADDRESS);
    return IpAddress.parse(word.text()).orElseThrow(() -> SyntaxException.unexpected(word));
  }

  private Prefix prefix(IpAddress address) throws SyntaxException {
    words.expect("/");
    var length = words.expect(Token.Kind.NUMBER);
    return Prefix.parse(address + "/" + length.text())
        .orElseThrow(() -> SyntaxException.because(length, "Invalid prefix"));
  }

  private Expression marked() throws SyntaxException {
    var word = words.next();
    return switch (word.text()) {
      case "(" -> parenthesis();
      case "[" -> new Constant(new SetParser(this, words).rest());
      case "[=" -> new Constant(new Value.Mask(new SetParser(this, words).mask()));
      case "+", "-" -> empty(word);
      default -> throw SyntaxException.unexpected(word);
    };
  }

  /** {@code +empty+} is an empty path, {@code -empty-} an empty list of communities. */
  private Expression empty(Token mark) throws SyntaxException {
    words.expect("empty");
    words.expect(mark.text());
    return new Constant(
        mark.is("+")
            ? new Value.Path(dev.aviary.bgp.route.AsPath.EMPTY, false)
            : new Value.Communities(CommunityKind.STANDARD, List.of(), false));
  }

  private Expression parenthesis() throws SyntaxException {
    var first = words.peek();
    if (isExtended(first) && words.peek(1).is(",")) {
      words.next();
      words.next();
      return new Tuple(first.text(), rest(new ArrayList<>()));
    }
    var parts = new ArrayList<Expression>();
    parts.add(parse());
    if (words.take(",")) {
      return new Tuple("", rest(parts));
    }
    words.expect(")");
    return parts.getFirst();
  }

  private List<Expression> rest(List<Expression> parts) throws SyntaxException {
    do {
      parts.add(parse());
    } while (words.take(","));
    words.expect(")");
    return parts;
  }

  static boolean isExtended(Token word) {
    return word.is("rt") || word.is("ro") || word.is("generic") || word.is("unknown");
  }

  private Expression named() throws SyntaxException {
    var word = words.next();
    var name = word.text();
    switch (name) {
      case "true", "yes", "on" -> {
        return new Constant(new Value.Bool(true));
      }
      case "false", "no", "off" -> {
        return new Constant(new Value.Bool(false));
      }
      case "defined" -> {
        words.expect("(");
        var operand = parse();
        words.expect(")");
        return new Defined(operand);
      }
      case "prepend", "add", "delete", "filter" -> {
        words.expect("(");
        var on = parse();
        words.expect(",");
        var argument = parse();
        words.expect(")");
        return new Part(on, name, List.of(argument));
      }
      default -> {}
    }
    var constant = Constants.find(name);
    if (constant.isPresent()) {
      return new Constant(constant.get());
    }
    if (Names.ATTRIBUTES.contains(name)) {
      return new Attribute(name);
    }
    return switch (names.find(name)) {
      case VARIABLE -> new Variable(name);
      case FUNCTION -> new Call(name, arguments());
      case NONE -> throw SyntaxException.unexpected(word);
    };
  }

  /** What a set's item must be: a value that is known before any route is. */
  Value constant() throws SyntaxException {
    var word = words.peek();
    return switch (term()) {
      case Constant(var value) -> value;
      case Attribute _, Variable _, Binary _, Not _, Defined _, Part _, Tuple _, Call _ ->
          throw SyntaxException.unexpected(word);
    };
  }

  IpAddress setAddress() throws SyntaxException {
    return ip();
  }

  Prefix setPrefix(IpAddress address) throws SyntaxException {
    return prefix(address);
  }

  /** A number of a community's tuple: one, a range, or {@code *}. */
  Span.Bound bound(long most) throws SyntaxException {
    if (words.take("*")) {
      return new Span.Bound(0, most);
    }
    if (words.peek().kind() == Token.Kind.ADDRESS && ip() instanceof Ipv4Address key) {
      return new Span.Bound(key.toLong(), key.toLong());
    }
    long low = words.expect(Token.Kind.NUMBER).number();
    return new Span.Bound(low, words.take("..") ? words.expect(Token.Kind.NUMBER).number() : low);
  }
}
