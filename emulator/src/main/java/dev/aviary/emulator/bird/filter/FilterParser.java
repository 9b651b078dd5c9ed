package dev.aviary.emulator.bird.filter;

import dev.aviary.emulator.bird.filter.Statement.Accept;
import dev.aviary.emulator.bird.filter.Statement.Arm;
import dev.aviary.emulator.bird.filter.Statement.Assign;
import dev.aviary.emulator.bird.filter.Statement.Block;
import dev.aviary.emulator.bird.filter.Statement.Case;
import dev.aviary.emulator.bird.filter.Statement.Declare;
import dev.aviary.emulator.bird.filter.Statement.If;
import dev.aviary.emulator.bird.filter.Statement.Modify;
import dev.aviary.emulator.bird.filter.Statement.Reject;
import dev.aviary.emulator.bird.filter.Statement.Return;
import dev.aviary.emulator.bird.filter.Statement.Run;
import dev.aviary.emulator.bird.filter.Statement.Unset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the bodies of filters and functions. */
public final class FilterParser {
  private static final Set<String> TYPES =
      Set.of(
          "int", "bool", "ip", "prefix", "pair", "quad", "ec", "lc", "string", "bgpmask", "bgppath",
          "clist", "eclist", "lclist");

  /** What BIRD says of a division by zero. */
  public static final String DIVIDE_BY_ZERO = "Mother told me not to divide by 0";

  private final Cursor words;
  private final Names names;
  private final ExpressionParser expressions;

  public FilterParser(Cursor words, Names names) {
    this.words = words;
    this.names = names;
    this.expressions = new ExpressionParser(words, names);
  }

  /** One expression. */
  public Expression expression() throws SyntaxException {
    return expressions.parse();
  }

  /** Names and types of a function's parameters, between parentheses. */
  public List<String> parameters() throws SyntaxException {
    words.expect("(");
    var parameters = new ArrayList<String>();
    while (!words.take(")")) {
      type();
      var name = words.expect(Token.Kind.NAME).text();
      names.declare(name);
      parameters.add(name);
      if (!words.take(",") && !words.take(";") && !words.peek().is(")")) {
        throw SyntaxException.unexpected(words.peek());
      }
    }
    return parameters;
  }

  private boolean isType() {
    return words.peek().kind() == Token.Kind.NAME
        && TYPES.contains(words.peek().text())
        && (words.peek(1).kind() == Token.Kind.NAME);
  }

  private void type() throws SyntaxException {
    if (!isType()) {
      throw SyntaxException.unexpected(words.peek());
    }
    words.next();
    words.take("set");
  }

  /** A body between braces; in old configurations, variables may stand before it. */
  public Block body() throws SyntaxException {
    var declared = new ArrayList<Statement>();
    while (isType()) {
      declare(declared);
    }
    var block = block();
    declared.addAll(block.statements());
    return new Block(declared);
  }

  private void declare(List<Statement> into) throws SyntaxException {
    type();
    var name = words.expect(Token.Kind.NAME).text();
    names.declare(name);
    if (words.take("=")) {
      into.add(new Assign(name, expressions.parse()));
    } else {
      into.add(new Declare(name));
    }
    words.expect(";");
  }

  private Block block() throws SyntaxException {
    words.expect("{");
    var statements = new ArrayList<Statement>();
    while (!words.take("}")) {
      if (isType()) {
        declare(statements);
      } else {
        statement().ifPresent(statements::add);
      }
    }
    return new Block(statements);
  }

  private Block statementOrBlock() throws SyntaxException {
    return words.peek().is("{")
        ? block()
        : new Block(statement().map(List::of).orElseGet(List::of));
  }

  /** One statement; empty for a semicolon alone, and for what only writes to the log. */
  private Optional<Statement> statement() throws SyntaxException {
    var word = words.peek();
    switch (word.text()) {
      case ";" -> {
        words.next();
        return Optional.empty();
      }
      case "if" -> {
        words.next();
        return Optional.of(branch());
      }
      case "case" -> {
        words.next();
        return Optional.of(choice());
      }
      default -> {
        var statement = simple(word);
        words.expect(";");
        return statement;
      }
    }
  }

  private If branch() throws SyntaxException {
    var condition = expressions.parse();
    words.expect("then");
    var then = statementOrBlock();
    return new If(
        condition, then, words.take("else") ? Optional.of(statementOrBlock()) : Optional.empty());
  }

  private Case choice() throws SyntaxException {
    var of = expressions.parse();
    words.expect("{");
    var arms = new ArrayList<Arm>();
    while (!words.take("}")) {
      Optional<Expression> set = Optional.empty();
      if (!words.take("else")) {
        var spans = new ArrayList<Span>();
        do {
          var from = expressions.constant();
          spans.add(new Span.Between(from, words.take("..") ? expressions.constant() : from));
        } while (words.take(","));
        set = Optional.of(new Expression.Constant(new Value.Members(spans)));
      }
      words.expect(":");
      var body = new ArrayList<Statement>();
      while (!words.peek().is("}") && !words.peek().is("else") && !isLabel()) {
        statement().ifPresent(body::add);
      }
      arms.add(new Arm(set, new Block(body)));
    }
    return new Case(of, arms);
  }

  private boolean isLabel() {
    return words.peek().kind() == Token.Kind.NUMBER
        || (words.peek().kind() == Token.Kind.NAME && words.peek(1).is(":"));
  }

  private Optional<Statement> simple(Token word) throws SyntaxException {
    switch (word.text()) {
      case "accept" -> {
        words.next();
        optionalText();
        return Optional.of(new Accept());
      }
      case "reject" -> {
        words.next();
        optionalText();
        return Optional.of(new Reject());
      }
      case "return" -> {
        words.next();
        return Optional.of(new Return(expressions.parse()));
      }
      case "print", "printn" -> {
        words.next();
        optionalText();
        return Optional.empty();
      }
      case "unset" -> {
        words.next();
        words.expect("(");
        var name = words.expect(Token.Kind.NAME).text();
        words.expect(")");
        return Optional.of(new Unset(name));
      }
      default -> {
        return Optional.of(named(word));
      }
    }
  }

  /** What accept, reject and print write to the log. */
  private void optionalText() throws SyntaxException {
    if (!words.peek().is(";")) {
      do {
        expressions.parse();
      } while (words.take(","));
    }
  }

  private Statement named(Token word) throws SyntaxException {
    if (word.kind() != Token.Kind.NAME) {
      throw SyntaxException.unexpected(word);
    }
    if (words.peek(1).is("=")) {
      words.next();
      words.next();
      return new Assign(word.text(), expressions.parse());
    }
    if (words.peek(1).is(".")) {
      words.next();
      words.next();
      var method = words.expect(Token.Kind.NAME).text();
      if (method.equals("empty")) {
        return new Modify(word.text(), method, new Expression.Constant(new Value.Nothing()));
      }
      words.expect("(");
      var argument = expressions.parse();
      words.expect(")");
      return new Modify(word.text(), method, argument);
    }
    return new Run(expressions.parse());
  }
}
