package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.packet.PacketSummary;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A conversation for people: one line per hop, then what came of it. */
public final class TraceText {
  private final Map<IpAddress, String> names;

  /**
   * @param names what people call the addresses that they meet in it
   */
  public TraceText(Map<IpAddress, String> names) {
    this.names = names;
  }

  /**
   * The first packet and the first that arrived after it, and the outcome.
   *
   * @param source what the sender is called
   */
  public String print(String source, List<Trace> traces, Outcome outcome) {
    var out = new StringBuilder();
    // The first packet, and the first one that arrived after it: the rest repeats their ways.
    var shown = new ArrayList<Trace>();
    for (var trace : traces) {
      if (shown.isEmpty() || (shown.size() < 2 && trace.last() instanceof Step.Delivered)) {
        shown.add(trace);
      }
    }
    for (var trace : shown) {
      out.append(trace.packet()).append('\n');
      for (var hop : hops(trace)) {
        out.append("  ").append(hop).append('\n');
      }
    }
    if (traces.size() > shown.size()) {
      out.append("and ").append(traces.size() - shown.size()).append(" more packets\n");
    }
    return out.append("=> ").append(outcome(source, outcome)).append('\n').toString();
  }

  /** What one kernel did with a packet. */
  private static final class Hop {
    private final String kernel;
    private String in = "";
    private final List<String> deeds = new ArrayList<>();

    Hop(String kernel) {
      this.kernel = kernel;
    }

    @Override
    public String toString() {
      return String.format("%-10s %-16s %s", kernel, in, String.join(", ", deeds)).stripTrailing();
    }
  }

  private List<Hop> hops(Trace trace) {
    var hops = new ArrayList<Hop>();
    Hop hop = null;
    Step.MatchedRule lastRule = null;
    for (var step : trace.steps()) {
      if (hop == null || !hop.kernel.equals(step.kernel()) || step instanceof Step.Arrived) {
        hop = new Hop(step.kernel());
        hops.add(hop);
      }
      switch (step) {
        case Step.Originated _ -> {
          // The line above the hops has the packet.
        }
        case Step.Arrived arrived -> hop.in = "in " + arrived.link();
        case Step.MatchedRule matched -> lastRule = matched;
        case Step.Tracked _, Step.Resolved _ -> {
          // Not for one line: the JSON has them.
        }
        case Step.Warned(_, var text) -> hop.deeds.add("warning: " + text);
        case Step.Translated translated ->
            hop.deeds.add(translation(translated.before(), translated.after(), lastRule));
        case Step.Routed routed ->
            hop.deeds.add(
                routed.route() == null ? "no route" : "route " + routed.route().toString().strip());
        case Step.Left left -> hop.deeds.add("out " + left.link() + " to " + left.to());
        case Step.Encapsulated(_, var device, var outer) ->
            hop.deeds.add(device + " puts it into " + outer);
        case Step.Decapsulated(_, var device, var inner) ->
            hop.deeds.add(device + " takes out " + inner);
        case Step.Delivered delivered -> hop.deeds.add("delivered to " + delivered.to());
        case Step.Dropped dropped -> hop.deeds.add(dropped(dropped, lastRule));
      }
    }
    return hops;
  }

  private static String translation(
      PacketSummary before, PacketSummary after, Step.@Nullable MatchedRule rule) {
    // Later packets of a connection are translated by conntrack, without a rule.
    boolean byRule = rule != null && rule.hit().table() == TableName.NAT;
    var by = rule == null || !byRule ? "" : " by " + rule.hit();
    if (!before.destinationText().equals(after.destinationText())) {
      return "destination becomes " + after.destinationText() + by;
    }
    return "source becomes " + after.sourceText() + by;
  }

  private static String dropped(Step.Dropped dropped, Step.@Nullable MatchedRule rule) {
    var detail = dropped.detail().isEmpty() ? "" : " (" + dropped.detail() + ")";
    var by = rule == null || !detail.isEmpty() ? "" : " (" + rule.hit() + ")";
    return "dropped: " + dropped.reason().text() + detail + by;
  }

  private String outcome(String source, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered ->
          "answered by %s%s, %d hops away"
              .formatted(
                  answered.from().port() == 0
                      ? answered.from().address().toString()
                      : answered.from().toString(),
                  name(answered.from().address()),
                  64 - answered.ttl() + 1);
      case Outcome.Refused refused -> "refused: " + refused.errno();
      case Outcome.Failed failed ->
          "failed: %s (%s from %s%s)"
              .formatted(
                  failed.errno(),
                  failed.error().what(),
                  failed.error().source(),
                  name(failed.error().source()));
      case Outcome.LocalError error -> "not sent: " + error.errno() + " at " + source;
      case Outcome.TimedOut _ -> "no answer";
    };
  }

  private String name(IpAddress address) {
    var name = names.get(address);
    return name == null ? "" : " (" + name + ")";
  }
}
