package dev.aviary.emulator.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A table without borders, as {@code calicoctl get} prints it (Go's tabwriter): every cell, the
 * last one too, is padded to the widest of its column plus three, five at least; an empty line
 * follows.
 */
final class ColumnTable {
  private static final int PADDING = 3;
  private static final int LEAST = 5;

  private final List<List<String>> lines = new ArrayList<>();

  ColumnTable(String... header) {
    lines.add(List.of(header));
  }

  void row(List<String> cells) {
    lines.add(List.copyOf(cells));
  }

  String print() {
    int columns = lines.getFirst().size();
    var widths = new int[columns];
    for (var line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], Math.max(LEAST, line.get(i).length() + PADDING));
      }
    }
    var out = new StringBuilder();
    for (var line : lines) {
      for (int i = 0; i < columns; i++) {
        out.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length()));
      }
      out.append('\n');
    }
    return out.append('\n').toString();
  }
}
