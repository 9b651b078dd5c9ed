package dev.aviary.emulator.cluster;

import java.util.LinkedHashMap;
import java.util.List;
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

  /** One thing that was looked at, at one place. */
  public record Step(String where, String what) {}

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
    fields.put(
        "steps",
        steps.stream()
            .map(
                step -> {
                  Map<String, Object> row = new LinkedHashMap<>();
                  row.put("where", step.where());
                  row.put("what", step.what());
                  return row;
                })
            .toList());
    return JsonText.print(fields);
  }
}
