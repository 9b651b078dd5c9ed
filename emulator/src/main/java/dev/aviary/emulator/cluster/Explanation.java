package dev.aviary.emulator.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where something stands, and the step that decided.
 *
 * @param holds the session is up, or the route is there
 */
public record Explanation(String subject, List<Step> steps, boolean holds, String verdict) {
  public Explanation {
    steps = List.copyOf(steps);
  }

  /** What a step is about. */
  public enum Stage {
    CONFIGURATION,
    ORIGIN,
    /** The way of the session's own packets. */
    REACHABILITY,
    SESSION,
    /** Something that happened to a session. */
    EVENT,
    EXPORT,
    IMPORT,
    /** Which of several routes is the best. */
    SELECTION,
    NEXT_HOP,
    KERNEL
  }

  /**
   * One thing that was looked at, at one place.
   *
   * @param passed false where this stopped it
   */
  public record Step(String where, Stage stage, boolean passed, String what) {
    static Step passed(String where, Stage stage, String what) {
      return new Step(where, stage, true, what);
    }

    static Step stopped(String where, Stage stage, String what) {
      return new Step(where, stage, false, what);
    }
  }

  /** For people. */
  public String text() {
    var out = new StringBuilder(subject).append('\n');
    for (var step : steps) {
      out.append("  ").append(step.where()).append(": ").append(step.what()).append('\n');
    }
    return out.append("=> ").append(verdict).append('\n').toString();
  }

  /** For programs. */
  public String json() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("subject", subject);
    fields.put("holds", holds);
    fields.put("verdict", verdict);
    fields.put("steps", steps.stream().map(Explanation::row).toList());
    return JsonText.print(fields);
  }

  private static Map<String, Object> row(Step step) {
    var row = new LinkedHashMap<String, Object>();
    row.put("where", step.where());
    row.put("stage", step.stage().name().toLowerCase(Locale.ROOT));
    row.put("passed", step.passed());
    row.put("what", step.what());
    return row;
  }
}
