package dev.aviary.felix.selector;

import dev.aviary.felix.selector.Selector.All;
import dev.aviary.felix.selector.Selector.And;
import dev.aviary.felix.selector.Selector.Compare;
import dev.aviary.felix.selector.Selector.Comparison;
import dev.aviary.felix.selector.Selector.Global;
import dev.aviary.felix.selector.Selector.Has;
import dev.aviary.felix.selector.Selector.In;
import dev.aviary.felix.selector.Selector.Not;
import dev.aviary.felix.selector.Selector.Or;
import java.util.ArrayList;
import java.util.List;

/** Recursive descent: "or" of "and"s of operations, any number of "!" before each. */
final class SelectorParser {
  private static final int MAX_LABEL = 512;

  /** Deeper nesting is nobody's selector, and would only exhaust the stack. */
  private static final int MAX_DEPTH = 200;

  private final String text;
  private int at;
  private int depth;

  SelectorParser(String text) {
    this.text = text;
  }

  Selector parse() throws SelectorException {
    skipBlanks();
    if (at == text.length()) {
      return new All();
    }
    var selector = or();
    if (at < text.length()) {
      throw unexpected("nothing more");
    }
    return selector;
  }

  private Selector or() throws SelectorException {
    var operands = new ArrayList<Selector>();
    operands.add(and());
    while (accept("||")) {
      operands.add(and());
    }
    return operands.size() == 1 ? operands.getFirst() : new Or(operands);
  }

  private Selector and() throws SelectorException {
    var operands = new ArrayList<Selector>();
    operands.add(operation());
    while (accept("&&")) {
      operands.add(operation());
    }
    return operands.size() == 1 ? operands.getFirst() : new And(operands);
  }

  private Selector operation() throws SelectorException {
    boolean negated = false;
    while (accept("!")) {
      negated = !negated;
    }
    var operand = operand();
    return negated ? new Not(operand) : operand;
  }

  private Selector operand() throws SelectorException {
    if (accept("(")) {
      if (++depth > MAX_DEPTH) {
        throw new SelectorException("more than " + MAX_DEPTH + " nested groups", at);
      }
      var group = or();
      require(")");
      depth--;
      return group;
    }
    int start = at;
    var label = label();
    if (at < text.length() && text.charAt(at) == '(') {
      return call(label, start);
    }
    skipBlanks();
    return comparison(label);
  }

  /** No blank may stand before the parenthesis, or the name is a label's. */
  private Selector call(String name, int start) throws SelectorException {
    at++;
    skipBlanks();
    switch (name) {
      case "all", "global" -> {
        require(")");
        return name.equals("all") ? new All() : new Global();
      }
      case "has" -> {
        var key = label();
        skipBlanks();
        require(")");
        return new Has(key);
      }
      default -> throw new SelectorException("no function '" + name + "'", start);
    }
  }

  private Selector comparison(String key) throws SelectorException {
    if (accept("==")) {
      return new Compare(key, Comparison.EQUAL, literal());
    }
    if (accept("!=")) {
      return new Compare(key, Comparison.NOT_EQUAL, literal());
    }
    if (word("contains")) {
      return new Compare(key, Comparison.CONTAINS, literal());
    }
    if (words("starts", "with")) {
      return new Compare(key, Comparison.STARTS_WITH, literal());
    }
    if (words("ends", "with")) {
      return new Compare(key, Comparison.ENDS_WITH, literal());
    }
    if (word("in")) {
      return new In(key, false, set());
    }
    if (words("not", "in")) {
      return new In(key, true, set());
    }
    throw unexpected("an operator");
  }

  private List<String> set() throws SelectorException {
    require("{");
    var values = new ArrayList<String>();
    while (!accept("}")) {
      values.add(literal());
      if (!accept(",")) {
        require("}");
        break;
      }
    }
    return values;
  }

  private String literal() throws SelectorException {
    if (at == text.length() || (text.charAt(at) != '\'' && text.charAt(at) != '"')) {
      throw unexpected("a quoted text");
    }
    int end = text.indexOf(text.charAt(at), at + 1);
    if (end < 0) {
      throw new SelectorException("a quote that is never closed", at);
    }
    var value = text.substring(at + 1, end);
    at = end + 1;
    skipBlanks();
    return value;
  }

  private String label() throws SelectorException {
    int end = at;
    while (end < text.length() && isLabel(text.charAt(end))) {
      end++;
    }
    if (end == at) {
      throw unexpected("a label");
    }
    if (end - at > MAX_LABEL) {
      throw new SelectorException("a label of " + (end - at) + " characters", at);
    }
    var label = text.substring(at, end);
    at = end;
    return label;
  }

  private static boolean isLabel(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_./-".indexOf(c) >= 0;
  }

  private boolean words(String first, String second) {
    int start = at;
    if (text.startsWith(first, at)) {
      at += first.length();
      skipBlanks();
      if (word(second)) {
        return true;
      }
    }
    at = start;
    return false;
  }

  private boolean word(String word) {
    int end = at + word.length();
    if (!text.startsWith(word, at) || (end < text.length() && isLabel(text.charAt(end)))) {
      return false;
    }
    at = end;
    skipBlanks();
    return true;
  }

  private boolean accept(String token) {
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    skipBlanks();
    return true;
  }

  private void require(String token) throws SelectorException {
    if (!accept(token)) {
      throw unexpected("'" + token + "'");
    }
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private SelectorException unexpected(String wanted) {
    return at == text.length()
        ? new SelectorException("expected " + wanted + ", found the end", at)
        : new SelectorException("expected " + wanted + ", found '" + text.charAt(at) + "'", at);
  }
}
