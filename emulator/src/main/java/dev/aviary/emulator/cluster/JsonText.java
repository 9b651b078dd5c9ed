package dev.aviary.emulator.cluster;

import java.util.Iterator;
import java.util.Map;

/**
 * Prints plain values as JSON with an indent of two: maps, iterables, texts, numbers, booleans,
 * null.
 */
public final class JsonText {
  /** A depth at which no line is broken. */
  private static final int ONE_LINE = Integer.MIN_VALUE;

  private JsonText() {}

  /** The text of {@code value}, with a line end. */
  public static String print(Object value) {
    var out = new StringBuilder();
    append(out, value, 0);
    return out.append('\n').toString();
  }

  /** The text of {@code value} in one line, without a line end. */
  public static String line(Object value) {
    var out = new StringBuilder();
    append(out, value, ONE_LINE);
    return out.toString();
  }

  private static void append(
      StringBuilder out, @org.jspecify.annotations.Nullable Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> {
        var entries = map.entrySet().iterator();
        block(
            out,
            '{',
            '}',
            entries,
            depth,
            entry -> {
              quote(out, String.valueOf(entry.getKey()));
              out.append(": ");
              append(out, entry.getValue(), depth + 1);
            });
      }
      case Iterable<?> items ->
          block(out, '[', ']', items.iterator(), depth, item -> append(out, item, depth + 1));
      case Number number -> out.append(number);
      case Boolean flag -> out.append(flag);
      default -> quote(out, value.toString());
    }
  }

  private static <T> void block(
      StringBuilder out,
      char open,
      char close,
      Iterator<T> items,
      int depth,
      java.util.function.Consumer<T> item) {
    out.append(open);
    if (depth < 0) {
      for (var separator = ""; items.hasNext(); separator = ", ") {
        out.append(separator);
        item.accept(items.next());
      }
    } else if (items.hasNext()) {
      var separator = "\n" + "  ".repeat(depth + 1);
      while (items.hasNext()) {
        out.append(separator);
        item.accept(items.next());
        separator = ",\n" + "  ".repeat(depth + 1);
      }
      out.append('\n').append("  ".repeat(depth));
    }
    out.append(close);
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
