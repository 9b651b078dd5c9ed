package dev.aviary.ipam;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes JSON as Go's encoder does: compact, with signs that mean something in HTML escaped. */
final class GoJson {
  private final StringBuilder out = new StringBuilder();

  GoJson begin() {
    out.append('{');
    return this;
  }

  GoJson end() {
    out.append('}');
    return this;
  }

  GoJson beginList() {
    out.append('[');
    return this;
  }

  GoJson endList() {
    out.append(']');
    return this;
  }

  /** Makes room for the next element. */
  GoJson next() {
    if (out.charAt(out.length() - 1) != '[') {
      out.append(',');
    }
    return this;
  }

  void element(String raw) {
    next();
    out.append(raw);
  }

  GoJson name(String name) {
    if (out.charAt(out.length() - 1) != '{') {
      out.append(',');
    }
    quote(name);
    out.append(':');
    return this;
  }

  GoJson raw(String name, String json) {
    name(name);
    out.append(json);
    return this;
  }

  GoJson text(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      out.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  GoJson texts(String name, Map<String, String> values) {
    name(name).begin();
    new TreeMap<>(values).forEach(this::text);
    return end();
  }

  GoJson all(Map<String, String> members) {
    new TreeMap<>(members).forEach(this::raw);
    return this;
  }

  private void quote(String text) {
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
          if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
