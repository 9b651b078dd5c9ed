package dev.aviary.emulator.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as kubectl prints it: columns padded to the widest plus three, the last one not at all.
 */
final class KubectlTable {
  private static final int PADDING = 3;

  private final List<List<String>> lines = new ArrayList<>();

  KubectlTable(List<String> header) {
    lines.add(List.copyOf(header));
  }

  void row(List<String> cells) {
    lines.add(List.copyOf(cells));
  }

  /** The table; where it has no rows, kubectl's words for that. */
  String print() {
    if (lines.size() == 1) {
      return "No resources found\n";
    }
    int columns = lines.getFirst().size();
    var out = new StringBuilder();
    for (var line : lines) {
      for (int i = 0; i < columns; i++) {
        int column = i;
        int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0) + PADDING;
        out.append(line.get(i));
        if (i < columns - 1) {
          out.append(" ".repeat(width - line.get(i).length()));
        }
      }
      out.append('\n');
    }
    return out.toString();
  }
}
