package dev.aviary.emulator.resource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A YAML value and the line it stands at. */
public sealed interface YamlNode {

  /** Counted from 1. */
  int line();

  /** What a person would call it. */
  String description();

  /** A scalar as it was written, quotes gone. */
  record Scalar(int line, String text, Kind kind) implements YamlNode {
    /** What YAML takes it for. */
    public enum Kind {
      STRING,
      NUMBER,
      BOOLEAN
    }

    @Override
    public String description() {
      return "'" + text + "'";
    }
  }

  /** A value that was left out, {@code ~} or {@code null}. */
  record Null(int line) implements YamlNode {
    @Override
    public String description() {
      return "nothing";
    }
  }

  /** A list. */
  record Sequence(int line, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String description() {
      return "a list";
    }
  }

  /** A mapping, in the order of the file. */
  record Mapping(int line, SequencedMap<String, Entry> entries) implements YamlNode {

    /** A value and the line of its key. */
    public record Entry(int line, YamlNode value) {}

    public Mapping {
      entries = new LinkedHashMap<>(entries);
    }

    /** The value at {@code key}, or null. */
    public @Nullable YamlNode find(String key) {
      var entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    @Override
    public String description() {
      return "a mapping";
    }
  }
}
