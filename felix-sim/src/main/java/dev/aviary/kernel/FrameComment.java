package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Hit;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.netfilter.Target;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says in a few words which rules and which route decided about a packet at one host. */
final class FrameComment {
  private FrameComment() {}

  /**
   * What decided around step {@code at}: before it, if the frame left there; after it, if it came
   * in.
   */
  static String of(Trace trace, int at, boolean out) {
    var steps = trace.steps();
    if (at >= steps.size()) {
      return "";
    }
    var host = steps.get(at).kernel();
    int from = out ? start(steps, at, host) : at + 1;
    int to = out ? at : end(steps, at + 1, host);
    Set<String> parts = new LinkedHashSet<>();
    Step.MatchedRule last = null;
    for (int i = from; i < to; i++) {
      switch (steps.get(i)) {
        case Step.MatchedRule matched -> {
          last = matched;
          verdict(matched.hit(), parts);
        }
        case Step.Warned(_, var text) -> parts.add("warning: " + text);
        case Step.Translated(_, var before, var after) ->
            parts.add("nat " + before + " => " + after + byRule(last));
        case Step.Routed(_, var route, _) ->
            parts.add(route == null ? "no route" : "route " + route.toString().strip());
        case Step.Encapsulated(_, var device, var outer) ->
            parts.add(device + " puts it into " + outer);
        case Step.Decapsulated(_, var device, var inner) ->
            parts.add(device + " takes out " + inner);
        case Step.Delivered(_, _, var to2) -> parts.add("delivered to " + to2);
        case Step.Dropped(_, var reason, var detail) ->
            parts.add("dropped: " + reason.text() + (detail.isEmpty() ? "" : " (" + detail + ")"));
        case Step.Originated _, Step.Arrived _, Step.Tracked _, Step.Resolved _, Step.Left _ -> {}
      }
    }
    return String.join("; ", parts);
  }

  private static int start(List<Step> steps, int at, String host) {
    int from = at;
    while (from > 0 && steps.get(from - 1).kernel().equals(host)) {
      from--;
      if (steps.get(from) instanceof Step.Arrived) {
        return from;
      }
    }
    return from;
  }

  private static int end(List<Step> steps, int from, String host) {
    int to = from;
    while (to < steps.size()
        && steps.get(to).kernel().equals(host)
        && !(steps.get(to) instanceof Step.Left)
        && !(steps.get(to) instanceof Step.Arrived)) {
      to++;
    }
    return to;
  }

  /** Rules that end a table's say, by accepting or refusing. */
  private static void verdict(Hit hit, Set<String> parts) {
    var rule = hit.rule();
    if (rule == null) {
      return;
    }
    boolean decides =
        switch (rule.target()) {
          case Target.Accept _, Target.Drop _, Target.Reject _ -> true;
          case Target.None _,
              Target.Jump _,
              Target.Return _,
              Target.SetMark _,
              Target.ConnMark _,
              Target.NoTrack _,
              Target.Log _,
              Target.NfLog _,
              Target.Trace _,
              Target.Dnat _,
              Target.Snat _,
              Target.Masquerade _,
              Target.Redirect _,
              Target.Unknown _ ->
              false;
        };
    if (decides) {
      parts.add(hit + " " + rule);
    }
  }

  private static String byRule(Step.@Nullable MatchedRule last) {
    return last == null || last.hit().table() != TableName.NAT || last.hit().rule() == null
        ? ""
        : " by " + last.hit() + " " + last.hit().rule();
  }
}
