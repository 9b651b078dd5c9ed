package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlNode.Scalar;
import dev.aviary.emulator.resource.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operations on a document (RFC 6902), each at the place that a pointer (RFC 6901) names. */
final class JsonPatch {
  /** What is done at the last step of a path. */
  private enum Kind {
    ADD,
    REMOVE,
    REPLACE
  }

  /** A patch that cannot be applied; the message says which operation and why. */
  static final class PatchException extends Exception {
    private static final long serialVersionUID = 1;

    PatchException(String message) {
      super(message);
    }
  }

  private JsonPatch() {}

  /** {@code document} after all of {@code operations}. */
  static Mapping apply(Mapping document, Sequence operations) throws PatchException {
    YamlNode result = document;
    int number = 0;
    for (var each : operations.items()) {
      number++;
      try {
        if (!(each instanceof Mapping operation)) {
          throw new PatchException("must be a mapping with op and path");
        }
        result = apply(result, operation);
      } catch (PatchException e) {
        throw new PatchException("operation " + number + ": " + e.getMessage());
      }
    }
    if (result instanceof Mapping mapping) {
      return mapping;
    }
    throw new PatchException("what is left is no resource");
  }

  private static YamlNode apply(YamlNode document, Mapping operation) throws PatchException {
    var path = pointer(text(operation, "path"));
    return switch (text(operation, "op")) {
      case "add" -> edit(document, path, 0, Kind.ADD, Optional.of(value(operation)));
      case "replace" -> edit(document, path, 0, Kind.REPLACE, Optional.of(value(operation)));
      case "remove" -> edit(document, path, 0, Kind.REMOVE, Optional.empty());
      case "move" -> {
        var from = pointer(text(operation, "from"));
        var moved = at(document, from);
        yield edit(
            edit(document, from, 0, Kind.REMOVE, Optional.empty()),
            path,
            0,
            Kind.ADD,
            Optional.of(moved));
      }
      case "copy" ->
          edit(
              document,
              path,
              0,
              Kind.ADD,
              Optional.of(at(document, pointer(text(operation, "from")))));
      case "test" -> {
        if (!plain(at(document, path)).equals(plain(value(operation)))) {
          throw new PatchException("the value at " + text(operation, "path") + " is another");
        }
        yield document;
      }
      default -> throw new PatchException("op must be add, remove, replace, move, copy or test");
    };
  }

  private static String text(Mapping operation, String field) throws PatchException {
    if (operation.find(field) instanceof Scalar(_, var text, _)) {
      return text;
    }
    throw new PatchException("has no " + field);
  }

  private static YamlNode value(Mapping operation) throws PatchException {
    var value = operation.find("value");
    if (value == null) {
      throw new PatchException("has no value");
    }
    return value;
  }

  private static List<String> pointer(String text) throws PatchException {
    if (!text.startsWith("/")) {
      throw new PatchException("a path must begin with /, is '" + text + "'");
    }
    return List.of(text.substring(1).split("/", -1)).stream()
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static PatchException nothing(List<String> path) {
    return new PatchException("there is nothing at /" + String.join("/", path));
  }

  private static YamlNode at(YamlNode document, List<String> path) throws PatchException {
    var node = document;
    for (var step : path) {
      node = child(node, step).orElseThrow(() -> nothing(path));
    }
    return node;
  }

  private static Optional<YamlNode> child(YamlNode node, String step) {
    return switch (node) {
      case Mapping mapping -> Optional.ofNullable(mapping.find(step));
      case Sequence(_, var items) -> {
        int index = index(step);
        yield index >= 0 && index < items.size() ? Optional.of(items.get(index)) : Optional.empty();
      }
      case Scalar _, YamlNode.Null _ -> Optional.empty();
    };
  }

  /** A list's place; -1 if the step is no number. */
  private static int index(String step) {
    return step.matches("0|[1-9][0-9]{0,5}") ? Integer.parseInt(step) : -1;
  }

  private static YamlNode edit(
      YamlNode node, List<String> path, int depth, Kind kind, Optional<YamlNode> value)
      throws PatchException {
    var step = path.get(depth);
    boolean last = depth == path.size() - 1;
    Optional<YamlNode> next;
    if (last) {
      if (kind != Kind.ADD && child(node, step).isEmpty()) {
        throw nothing(path);
      }
      next = value;
    } else {
      var inner = child(node, step).orElseThrow(() -> nothing(path));
      next = Optional.of(edit(inner, path, depth + 1, kind, value));
    }
    return switch (node) {
      case Mapping mapping -> with(mapping, step, next.orElse(null));
      case Sequence list -> with(list, step, next.orElse(null), last && kind == Kind.ADD, path);
      case Scalar _, YamlNode.Null _ -> throw nothing(path);
    };
  }

  private static Mapping with(Mapping mapping, String key, @Nullable YamlNode value) {
    var entries = new LinkedHashMap<>(mapping.entries());
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, new Mapping.Entry(mapping.line(), value));
    }
    return new Mapping(mapping.line(), entries);
  }

  private static Sequence with(
      Sequence list, String step, @Nullable YamlNode value, boolean insert, List<String> path)
      throws PatchException {
    var items = new ArrayList<>(list.items());
    int index = step.equals("-") ? items.size() : index(step);
    if (index < 0 || index > items.size()) {
      throw nothing(path);
    }
    if (value == null) {
      items.remove(index);
    } else if (insert) {
      items.add(index, value);
    } else {
      items.set(index, value);
    }
    return new Sequence(list.line(), items);
  }

  /** A value without the lines that its parts stood at. */
  private static Object plain(YamlNode node) {
    return switch (node) {
      case Scalar(_, var text, _) -> text;
      case YamlNode.Null _ -> Optional.empty();
      case Sequence(_, var items) -> items.stream().map(JsonPatch::plain).toList();
      case Mapping mapping -> {
        var fields = new LinkedHashMap<String, Object>();
        mapping.entries().forEach((key, entry) -> fields.put(key, plain(entry.value())));
        yield fields;
      }
    };
  }
}
