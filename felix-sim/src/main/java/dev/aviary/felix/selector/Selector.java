package dev.aviary.felix.selector;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An expression over labels. {@code toString} is the normal form, from which Felix makes the ids of
 * sets: values in double quotes (single ones if they contain a double one), the values of a set in
 * order and once, and parentheses around each "and" and "or" of several.
 */
public sealed interface Selector {

  /** True if an object with {@code labels} is meant. */
  boolean matches(Map<String, String> labels);

  /** The same expression over labels whose names begin with {@code prefix}. */
  Selector withLabelPrefix(String prefix);

  /**
   * Reads a selector; nothing, or only blanks, is {@code all()}.
   *
   * @throws SelectorException if {@code text} is none
   */
  static Selector parse(String text) throws SelectorException {
    return new SelectorParser(text).parse();
  }

  /**
   * As {@link #parse}, for text that was parsed before.
   *
   * @throws IllegalArgumentException if {@code text} is no selector
   */
  static Selector of(String text) {
    try {
      return parse(text);
    } catch (SelectorException e) {
      throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
    }
  }

  /** Everything. */
  record All() implements Selector {
    @Override
    public boolean matches(Map<String, String> labels) {
      return true;
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return this;
    }

    @Override
    public String toString() {
      return "all()";
    }
  }

  /** Everything, too; as a namespace selector it stands for what has no namespace. */
  record Global() implements Selector {
    @Override
    public boolean matches(Map<String, String> labels) {
      return true;
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return this;
    }

    @Override
    public String toString() {
      return "global()";
    }
  }

  record Has(String key) implements Selector {
    @Override
    public boolean matches(Map<String, String> labels) {
      return labels.containsKey(key);
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return new Has(prefix + key);
    }

    @Override
    public String toString() {
      return "has(" + key + ")";
    }
  }

  /** How a label's value is compared with a text. */
  enum Comparison {
    EQUAL("=="),
    NOT_EQUAL("!="),
    CONTAINS("contains"),
    STARTS_WITH("starts with"),
    ENDS_WITH("ends with");

    private final String word;

    Comparison(String word) {
      this.word = word;
    }

    /** An absent label is different from every value, and nothing else. */
    boolean holds(@Nullable String actual, String wanted) {
      if (actual == null) {
        return this == NOT_EQUAL;
      }
      return switch (this) {
        case EQUAL -> actual.equals(wanted);
        case NOT_EQUAL -> !actual.equals(wanted);
        case CONTAINS -> actual.contains(wanted);
        case STARTS_WITH -> actual.startsWith(wanted);
        case ENDS_WITH -> actual.endsWith(wanted);
      };
    }
  }

  record Compare(String key, Comparison comparison, String value) implements Selector {
    @Override
    public boolean matches(Map<String, String> labels) {
      return comparison.holds(labels.get(key), value);
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return new Compare(prefix + key, comparison, value);
    }

    @Override
    public String toString() {
      return key + " " + comparison.word + " " + quoted(value);
    }
  }

  /** {@code in} or, where {@code negated}, {@code not in}, which an absent label fulfils. */
  record In(String key, boolean negated, List<String> values) implements Selector {
    public In {
      values = values.stream().distinct().sorted().toList();
    }

    @Override
    public boolean matches(Map<String, String> labels) {
      var actual = labels.get(key);
      return (actual != null && values.contains(actual)) != negated;
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return new In(prefix + key, negated, values);
    }

    @Override
    public String toString() {
      return values.stream()
          .map(Selector::quoted)
          .collect(Collectors.joining(", ", key + (negated ? " not in {" : " in {"), "}"));
    }
  }

  record Not(Selector operand) implements Selector {
    @Override
    public boolean matches(Map<String, String> labels) {
      return !operand.matches(labels);
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return new Not(operand.withLabelPrefix(prefix));
    }

    @Override
    public String toString() {
      return "!" + operand;
    }
  }

  /** Two or more, all of which must match. */
  record And(List<Selector> operands) implements Selector {
    public And {
      operands = List.copyOf(operands);
    }

    @Override
    public boolean matches(Map<String, String> labels) {
      return operands.stream().allMatch(o -> o.matches(labels));
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return new And(operands.stream().map(o -> o.withLabelPrefix(prefix)).toList());
    }

    @Override
    public String toString() {
      return joined(operands, " && ");
    }
  }

  /** Two or more, one of which must match. */
  record Or(List<Selector> operands) implements Selector {
    public Or {
      operands = List.copyOf(operands);
    }

    @Override
    public boolean matches(Map<String, String> labels) {
      return operands.stream().anyMatch(o -> o.matches(labels));
    }

    @Override
    public Selector withLabelPrefix(String prefix) {
      return new Or(operands.stream().map(o -> o.withLabelPrefix(prefix)).toList());
    }

    @Override
    public String toString() {
      return joined(operands, " || ");
    }
  }

  private static String joined(List<Selector> operands, String operator) {
    return operands.stream()
        .map(Selector::toString)
        .collect(Collectors.joining(operator, "(", ")"));
  }

  private static String quoted(String value) {
    return value.indexOf('"') >= 0 ? "'" + value + "'" : '"' + value + '"';
  }
}
