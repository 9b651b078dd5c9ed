package dev.aviary.emulator.bird;

import java.util.ArrayList;
import java.util.List;

/** A recorded reply, taken apart: each line with the code that it has or goes on with. */
final class ReplyLines {
  private ReplyLines() {}

  /** One line of a reply. */
  record Line(String code, String text) {}

  static List<Line> of(String reply) {
    var lines = new ArrayList<Line>();
    var code = "";
    for (var line : reply.split("\n", -1)) {
      if (line.startsWith(" ")) {
        lines.add(new Line(code, line.substring(1)));
      } else if (line.length() >= 5) {
        code = line.substring(0, 4);
        lines.add(new Line(code, line.substring(5)));
      }
    }
    return lines;
  }

  static List<String> texts(String reply, String code) {
    return of(reply).stream().filter(l -> l.code().equals(code)).map(Line::text).toList();
  }
}
