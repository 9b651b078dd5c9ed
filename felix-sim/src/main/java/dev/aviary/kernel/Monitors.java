package dev.aviary.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands on one host that follow what happens. A command that would print for ever listens
 * from when it is first given; given again, it says what came meanwhile.
 */
public final class Monitors {
  /** Lines after which the oldest are lost, as from a socket that nobody reads. */
  public static final int CAPACITY = 100_000;

  private final Map<String, Monitor> running = new HashMap<>();

  Monitors() {}

  /**
   * What a monitor has heard since it was read last.
   *
   * @param lost true if there were more lines than it keeps
   */
  public record Heard(List<String> lines, boolean lost) {}

  private static final class Monitor {
    private List<String> lines = new ArrayList<>();
    private boolean lost;

    void hear(String line) {
      if (lines.size() < CAPACITY) {
        lines.add(line);
      } else {
        lost = true;
      }
    }

    Heard take() {
      var heard = new Heard(List.copyOf(lines), lost);
      lines = new ArrayList<>();
      lost = false;
      return heard;
    }
  }

  /**
   * Reads the monitor that {@code command} runs; null if it was not running and listens from now
   * on.
   *
   * @param command the command's words: the same words are the same monitor
   * @param start connects a new monitor's ear to what it follows
   */
  public @Nullable Heard read(String command, Consumer<Consumer<String>> start) {
    var found = running.get(command);
    if (found != null) {
      return found.take();
    }
    var monitor = new Monitor();
    running.put(command, monitor);
    start.accept(monitor::hear);
    return null;
  }
}
