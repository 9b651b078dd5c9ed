package dev.aviary.emulator.calicoctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A table with borders as calicoctl's newer versions print it (go-pretty): headers to the left,
 * cells too but for those of some columns.
 */
final class LeftTable {
  private final List<String> header;
  private final Set<String> toTheRight;
  private final List<List<String>> rows = new ArrayList<>();

  LeftTable(Set<String> toTheRight, String... header) {
    this.toTheRight = Set.copyOf(toTheRight);
    this.header = List.of(header);
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** The table, each line ended. */
  String print() {
    var widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = header.get(i).length();
      for (var row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var border = new StringBuilder();
    for (int width : widths) {
      border.append('+').append("-".repeat(width + 2));
    }
    border.append("+\n");
    var out = new StringBuilder(border);
    for (int i = 0; i < widths.length; i++) {
      out.append("| ").append(header.get(i)).append(" ".repeat(widths[i] - header.get(i).length()));
      out.append(' ');
    }
    out.append("|\n").append(border);
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        var gap = " ".repeat(widths[i] - row.get(i).length());
        boolean right = toTheRight.contains(header.get(i));
        out.append("| ").append(right ? gap : "").append(row.get(i)).append(right ? "" : gap);
        out.append(' ');
      }
      out.append("|\n");
    }
    return out.append(border).toString();
  }
}
