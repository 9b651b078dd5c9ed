package dev.aviary.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A conversation for programs, as plain maps, lists and texts: every step with its evidence. */
public final class TraceJson {
  private TraceJson() {}

  /**
   * What happened.
   *
   * @param source what the sender is called
   * @param destination what was asked for
   */
  public static Map<String, @Nullable Object> of(
      String source, String destination, String protocol, List<Trace> traces, Outcome outcome) {
    var packets = new ArrayList<Object>();
    for (var trace : traces) {
      var packet = new LinkedHashMap<String, @Nullable Object>();
      packet.put("packet", trace.packet().toString());
      packet.put("cause", trace.cause().map(c -> traces.indexOf(c)).orElse(null));
      packet.put("steps", trace.steps().stream().map(TraceJson::step).toList());
      packets.add(packet);
    }
    var report = new LinkedHashMap<String, @Nullable Object>();
    report.put("source", source);
    report.put("destination", destination);
    report.put("protocol", protocol);
    report.put("outcome", outcome(outcome));
    report.put("packets", packets);
    return report;
  }

  private static Map<String, @Nullable Object> outcome(Outcome outcome) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    switch (outcome) {
      case Outcome.Answered(var from, int ttl, _) -> {
        fields.put("kind", "answered");
        fields.put("from", from.toString());
        fields.put("ttl", ttl);
      }
      case Outcome.Refused(var errno) -> {
        fields.put("kind", "refused");
        fields.put("errno", errno);
      }
      case Outcome.Failed(var errno, var error) -> {
        fields.put("kind", "failed");
        fields.put("errno", errno);
        fields.put("icmp", error.toString());
      }
      case Outcome.LocalError(var errno) -> {
        fields.put("kind", "local-error");
        fields.put("errno", errno);
      }
      case Outcome.TimedOut() -> fields.put("kind", "timeout");
    }
    return fields;
  }

  private static Map<String, @Nullable Object> step(Step step) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("at", step.kernel());
    switch (step) {
      case Step.Originated(_, var packet) -> put(fields, "originated", "packet", packet);
      case Step.Arrived(_, var link, var from, var to, var packet) -> {
        put(fields, "arrived", "link", link);
        fields.put("from", from.toString());
        fields.put("to", to.toString());
        fields.put("packet", packet.toString());
        fields.put("ttl", packet.ttl());
      }
      case Step.MatchedRule(_, var hit, var packet, _, _) -> {
        put(fields, "rule", "hit", hit);
        fields.put("mark", hit.mark());
        fields.put("packet", packet.toString());
      }
      case Step.Warned(_, var text) -> put(fields, "warning", "text", text);
      case Step.Tracked(_, var state, _, var entry) -> {
        put(fields, "conntrack", "state", state);
        fields.put("entry", entry);
      }
      case Step.Translated(_, var before, var after) -> {
        put(fields, "translated", "before", before);
        fields.put("after", after.toString());
      }
      case Step.Routed(_, var route, var device) -> {
        fields.put("step", "routed");
        fields.put("route", route == null ? null : route.toString());
        fields.put("device", device);
      }
      case Step.Resolved(_, var neighbor) -> put(fields, "neighbor", "entry", neighbor);
      case Step.Left(_, var link, var from, var to, var packet) -> {
        put(fields, "left", "link", link);
        fields.put("from", from.toString());
        fields.put("to", to.toString());
        fields.put("packet", packet.toString());
      }
      case Step.Encapsulated(_, var device, var outer) -> {
        put(fields, "encapsulated", "device", device);
        fields.put("packet", outer.toString());
      }
      case Step.Decapsulated(_, var device, var inner) -> {
        put(fields, "decapsulated", "device", device);
        fields.put("packet", inner.toString());
      }
      case Step.Delivered(_, _, var to) -> put(fields, "delivered", "to", to);
      case Step.Dropped(_, var reason, var detail) -> {
        put(fields, "dropped", "reason", reason);
        fields.put("detail", detail);
      }
    }
    return fields;
  }

  private static void put(
      Map<String, @Nullable Object> fields, String step, String name, Object value) {
    fields.put("step", step);
    fields.put(name, value.toString());
  }
}
