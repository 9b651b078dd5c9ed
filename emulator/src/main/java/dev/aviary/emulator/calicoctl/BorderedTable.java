package dev.aviary.emulator.calicoctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A table with borders, as calicoctl up to v3.32 prints it (tablewriter 0.0.4): headers in capitals
 * and centred, numbers to the right, other cells to the left, cells longer than 30 wrapped at
 * blanks.
 */
public final class BorderedTable {
  private static final int WRAP_AT = 30;
  private static final Pattern NUMBER = Pattern.compile("-?(\\d{1,3}(,\\d{3})*|\\d+)(\\.\\d+)?");

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public BorderedTable(String... header) {
    this.header = List.of(header).stream().map(h -> h.toUpperCase(Locale.ROOT)).toList();
  }

  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** The table, each line ended. */
  public String print() {
    var wrapped =
        rows.stream().map(row -> row.stream().map(c -> wrap(c, WRAP_AT)).toList()).toList();
    var widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      int width = header.get(i).length();
      for (var row : wrapped) {
        for (var line : row.get(i)) {
          width = Math.max(width, line.length());
        }
      }
      widths[i] = width;
    }
    var out = new StringBuilder();
    line(out, widths);
    for (int i = 0; i < widths.length; i++) {
      cell(out, centred(header.get(i), widths[i]));
    }
    out.append("|\n");
    line(out, widths);
    for (var row : wrapped) {
      int height = row.stream().mapToInt(List::size).max().orElse(1);
      for (int k = 0; k < height; k++) {
        for (int i = 0; i < widths.length; i++) {
          var lines = row.get(i);
          cell(out, aligned(k < lines.size() ? lines.get(k) : "", widths[i]));
        }
        out.append("|\n");
      }
    }
    line(out, widths);
    return out.toString();
  }

  private static void cell(StringBuilder out, String text) {
    out.append("| ").append(text).append(' ');
  }

  private static void line(StringBuilder out, int[] widths) {
    for (int width : widths) {
      out.append('+').append("-".repeat(width + 2));
    }
    out.append("+\n");
  }

  private static String centred(String text, int width) {
    int gap = width - text.length();
    return " ".repeat(gap / 2) + text + " ".repeat(gap - gap / 2);
  }

  private static String aligned(String text, int width) {
    var gap = " ".repeat(width - text.length());
    return NUMBER.matcher(text).matches() ? gap + text : text + gap;
  }

  /**
   * Breaks {@code text} at blanks so that the squares of what each line lacks, all but the last
   * one's, add up to the least.
   */
  public static List<String> wrap(String text, int limit) {
    var words = text.isBlank() ? List.of("") : List.of(text.strip().split(" +", -1));
    int longest = words.stream().mapToInt(String::length).max().orElse(0);
    int width = Math.max(limit, longest);
    int count = words.size();
    var cost = new long[count + 1];
    var breakAt = new int[count];
    for (int from = count - 1; from >= 0; from--) {
      cost[from] = Long.MAX_VALUE;
      int length = -1;
      for (int to = from; to < count; to++) {
        length += 1 + words.get(to).length();
        if (length > width && to > from) {
          break;
        }
        long lack = (long) width - length;
        long total = to == count - 1 ? 0 : lack * lack + cost[to + 1];
        if (total < cost[from]) {
          cost[from] = total;
          breakAt[from] = to + 1;
        }
      }
    }
    var lines = new ArrayList<String>();
    for (int from = 0; from < count; from = breakAt[from]) {
      lines.add(String.join(" ", words.subList(from, breakAt[from])));
    }
    return List.copyOf(lines);
  }
}
