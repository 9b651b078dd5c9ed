package dev.aviary.emulator.bird;

import java.util.List;

/** {@code show memory}: octets in BIRD's units. */
final class BirdMemoryReport {
  private static final List<String> UNITS = List.of(" ", "k", "M", "G", "T");

  private BirdMemoryReport() {}

  static String print(BirdState.Memory memory, BirdDialect dialect) {
    var reply = new BirdReply().line("1018", "BIRD memory usage");
    if (dialect == BirdDialect.BIRD_2_0) {
      reply.line("1018", "%-17s %9s %11s".formatted("", "Effective", "Overhead"));
    }
    for (var part : memory.parts()) {
      reply.line(
          "1018",
          switch (dialect) {
            case BIRD_1_6 -> "%-17s %s".formatted(part.name() + ":", whole(part.effective()));
            case BIRD_2_0 ->
                "%-17s %s   %s"
                    .formatted(
                        part.name() + ":", tenths(part.effective()), tenths(part.overhead()));
          });
    }
    return reply.end();
  }

  /** The next unit from ten thousand on. */
  private static String whole(long octets) {
    long value = octets;
    int unit = 0;
    while (value >= 10_000 && unit < UNITS.size() - 1) {
      value = (value + 512) / 1024;
      unit++;
    }
    return "%4d %sB".formatted(value, UNITS.get(unit));
  }

  private static String tenths(long octets) {
    double value = octets;
    int unit = 0;
    while (value >= 10_000 && unit < UNITS.size() - 1) {
      value /= 1024;
      unit++;
    }
    return "%6.1f %sB".formatted(value, UNITS.get(unit));
  }
}
