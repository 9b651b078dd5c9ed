package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlNode.Scalar;
import dev.aviary.emulator.resource.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one mapping. Mistakes are collected, each with file, line and path, and
 * reading goes on; {@link #done} reports the fields that nobody asked for.
 */
public final class Fields {
  private final String file;
  private final String path;
  private final Mapping mapping;
  private final List<Problem> problems;
  private final Set<String> known = new HashSet<>();

  Fields(String file, String path, Mapping mapping, List<Problem> problems) {
    this.file = file;
    this.path = path;
    this.mapping = mapping;
    this.problems = problems;
  }

  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  public int line(String name) {
    var entry = mapping.entries().get(name);
    return entry == null ? mapping.line() : entry.line();
  }

  Mapping mapping() {
    return mapping;
  }

  /** Reports a mistake at {@code name}. */
  public void problem(String name, String text) {
    problems.add(new Problem(file, line(name), path(name), text));
  }

  /** True if anything was reported so far. */
  boolean hasProblems() {
    return !problems.isEmpty();
  }

  private @Nullable YamlNode take(String name) {
    known.add(name);
    var value = mapping.find(name);
    return value instanceof YamlNode.Null ? null : value;
  }

  public boolean has(String name) {
    return take(name) != null;
  }

  private Optional<Scalar> scalar(String name) {
    return switch (take(name)) {
      case null -> Optional.empty();
      case Scalar scalar -> Optional.of(scalar);
      case YamlNode other -> {
        problem(name, "must be a single value, is " + other.description());
        yield Optional.empty();
      }
    };
  }

  public Optional<String> text(String name) {
    return scalar(name).map(Scalar::text);
  }

  public String text(String name, String otherwise) {
    return text(name).orElse(otherwise);
  }

  /** Empty text, and a problem, if it is missing. */
  public String required(String name) {
    if (!has(name)) {
      problem(name, "is required");
      return "";
    }
    return text(name).orElse("");
  }

  public boolean flag(String name, boolean otherwise) {
    return scalar(name)
        .map(
            scalar ->
                switch (scalar.text()) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> {
                    problem(name, "must be true or false, is '" + scalar.text() + "'");
                    yield otherwise;
                  }
                })
        .orElse(otherwise);
  }

  public Optional<Integer> number(String name, int least, int most) {
    return scalar(name)
        .flatMap(
            scalar -> {
              try {
                long value = Long.parseLong(scalar.text());
                if (value >= least && value <= most) {
                  return Optional.of((int) value);
                }
              } catch (NumberFormatException _) {
                // Reported below, with the values that are out of range.
              }
              problem(name, "must be %d to %d, is '%s'".formatted(least, most, scalar.text()));
              return Optional.empty();
            });
  }

  /** A text that {@code parser} understands; {@code expected} completes "must be". */
  public <T> Optional<T> parsed(
      String name, Function<String, Optional<T>> parser, String expected) {
    return text(name)
        .flatMap(
            text -> {
              var value = parser.apply(text);
              if (value.isEmpty()) {
                problem(name, "must be " + expected + ", is '" + text + "'");
              }
              return value;
            });
  }

  /** One of {@code values}, compared by {@code text}. */
  public <E extends Enum<E>> Optional<E> oneOf(String name, E[] values, Function<E, String> text) {
    var names = new ArrayList<String>();
    for (var value : values) {
      names.add(text.apply(value));
    }
    return parsed(
        name,
        given -> {
          for (var value : values) {
            if (text.apply(value).equals(given)) {
              return Optional.of(value);
            }
          }
          return Optional.empty();
        },
        "one of " + String.join(", ", names));
  }

  /** One of {@code values}. */
  Optional<String> oneOf(String name, List<String> values) {
    return parsed(
        name,
        given -> values.contains(given) ? Optional.of(given) : Optional.empty(),
        "one of " + String.join(", ", values));
  }

  public List<String> texts(String name) {
    var found = new ArrayList<String>();
    for (var item : items(name)) {
      if (item instanceof Scalar scalar) {
        found.add(scalar.text());
      } else {
        problem(name, "must be a list of single values, has " + item.description());
      }
    }
    return List.copyOf(found);
  }

  private List<YamlNode> items(String name) {
    return switch (take(name)) {
      case null -> List.of();
      case Sequence sequence -> sequence.items();
      case YamlNode other -> {
        problem(name, "must be a list, is " + other.description());
        yield List.of();
      }
    };
  }

  /** The mapping at {@code name}; an empty one if it is missing or something else. */
  public Fields object(String name) {
    return switch (take(name)) {
      case Mapping inner -> new Fields(file, path(name), inner, problems);
      case null -> new Fields(file, path(name), empty(name), problems);
      case YamlNode other -> {
        problem(name, "must be a mapping, is " + other.description());
        yield new Fields(file, path(name), empty(name), problems);
      }
    };
  }

  private Mapping empty(String name) {
    return new Mapping(line(name), new LinkedHashMap<>());
  }

  public List<Fields> objects(String name) {
    var found = new ArrayList<Fields>();
    int index = 0;
    for (var item : items(name)) {
      var at = name + "[" + index++ + "]";
      if (item instanceof Mapping inner) {
        found.add(new Fields(file, path(at), inner, problems));
      } else {
        problem(name, at + " must be a mapping, is " + item.description());
      }
    }
    return List.copyOf(found);
  }

  /** A mapping of texts, such as labels. */
  public Map<String, String> map(String name) {
    var found = new LinkedHashMap<String, String>();
    var inner = object(name);
    for (var key : inner.mapping.entries().keySet()) {
      inner.text(key).ifPresent(text -> found.put(key, text));
    }
    return found;
  }

  /** The names that are there, in the order of the file. */
  public List<String> names() {
    return List.copyOf(mapping.entries().keySet());
  }

  /**
   * These, with what {@code defaults} has where nothing is given here; called {@code name} in
   * problems.
   */
  public Fields over(Fields defaults, String name) {
    var entries = new LinkedHashMap<>(defaults.mapping.entries());
    entries.putAll(mapping.entries());
    return new Fields(file, name, new Mapping(mapping.line(), entries), problems);
  }

  /** Fields that exist and that Aviary does not honor. */
  public void accept(String... names) {
    known.addAll(Set.of(names));
  }

  /** As {@link #accept}, for every field that is there. */
  public void acceptAll() {
    known.addAll(mapping.entries().keySet());
  }

  /** Reports every field that was neither read nor accepted. */
  public void done() {
    for (var entry : mapping.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        problems.add(
            new Problem(file, entry.getValue().line(), path(entry.getKey()), "unknown field"));
      }
    }
  }
}
