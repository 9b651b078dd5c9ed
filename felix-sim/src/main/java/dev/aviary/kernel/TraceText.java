package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Hit;
import dev.aviary.kernel.netfilter.PacketLog;
import dev.aviary.kernel.packet.PacketSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Traces in print: one line a hop for people, TRACE lines as dmesg has them, and JSON. */
public final class TraceText {
  private TraceText() {}

  /** One line for every hop, decision and end, hosts leading. */
  public static String people(Trace trace) {
    var out = new StringBuilder(trace.packet().toString()).append('\n');
    for (var step : trace.steps()) {
      var line = line(step);
      if (!line.isEmpty()) {
        out.append("  ").append(line).append('\n');
      }
    }
    return out.toString();
  }

  private static String line(Step step) {
    return switch (step) {
      case Step.Originated(var kernel, var packet) -> kernel + ": sends " + packet;
      case Step.Arrived(var kernel, var link, _, _, var packet) ->
          kernel + ": in  " + link + "  " + packet + " ttl " + packet.ttl();
      case Step.MatchedRule(var kernel, var hit, _, _, _) -> decisive(kernel, hit);
      case Step.Tracked(var kernel, var state, _, var entry) ->
          kernel + ": conntrack " + state + (entry.isEmpty() ? "" : " " + entry);
      case Step.Translated(var kernel, var before, var after) ->
          kernel + ": nat " + before + "  =>  " + after;
      case Step.Routed(var kernel, var route, var out) -> kernel + ": " + routed(route, out);
      case Step.Resolved(var kernel, var neighbor) ->
          kernel + ": neighbor " + neighbor.address() + " is at " + neighbor.mac();
      case Step.Left(var kernel, var link, _, _, var packet) ->
          kernel + ": out " + link + "  " + packet + " ttl " + packet.ttl();
      case Step.Encapsulated(var kernel, var device, var outer) ->
          kernel + ": " + device + " puts it into " + outer;
      case Step.Decapsulated(var kernel, var device, var inner) ->
          kernel + ": " + device + " takes out " + inner;
      case Step.Delivered(var kernel, _, var to) -> kernel + ": delivered to " + to;
      case Step.Dropped(var kernel, var reason, var detail) ->
          kernel + ": dropped, " + reason.text() + (detail.isEmpty() ? "" : " (" + detail + ")");
    };
  }

  /** Only rules that say something about the packet's fate are worth a line. */
  private static String decisive(String kernel, Hit hit) {
    var rule = hit.rule();
    if (rule == null || rule.target() instanceof dev.aviary.kernel.netfilter.Target.Jump) {
      return "";
    }
    return kernel + ": " + hit + "  " + rule;
  }

  private static String routed(
      dev.aviary.kernel.route.@Nullable KernelRoute route, @Nullable String out) {
    if (route == null) {
      return out == null ? "route: to this host" : "route: out by " + out;
    }
    return "route: " + route;
  }

  /** The lines that TRACE would have written, in the order of the packet's way. */
  public static List<String> trace(Trace trace) {
    var lines = new ArrayList<String>();
    Step.Arrived arrived = null;
    for (var step : trace.steps()) {
      switch (step) {
        case Step.Arrived in -> arrived = in;
        case Step.MatchedRule matched -> lines.add(traceLine(matched, arrived));
        case Step.Originated _,
            Step.Tracked _,
            Step.Translated _,
            Step.Routed _,
            Step.Resolved _,
            Step.Left _,
            Step.Encapsulated _,
            Step.Decapsulated _,
            Step.Delivered _,
            Step.Dropped _ -> {}
      }
    }
    return lines;
  }

  private static String traceLine(Step.MatchedRule step, Step.@Nullable Arrived arrived) {
    var mac = "";
    if (step.inDevice() != null && arrived != null && arrived.kernel().equals(step.kernel())) {
      boolean v4 = step.packet().source().family() == dev.aviary.net.IpFamily.IPV4;
      mac = arrived.to() + ":" + arrived.from() + (v4 ? ":08:00" : ":86:dd");
    }
    return "TRACE: "
        + step.hit()
        + " "
        + PacketLog.describe(
            step.packet(), step.inDevice(), step.outDevice(), mac, step.hit().mark());
  }

  /** One JSON object with the packet and its steps. */
  public static String json(Trace trace) {
    var steps = new StringJoiner(",", "[", "]");
    for (var step : trace.steps()) {
      steps.add(json(step));
    }
    return "{\"packet\":" + quote(trace.packet().toString()) + ",\"steps\":" + steps + "}";
  }

  private static String json(Step step) {
    var out = new StringJoiner(",", "{", "}");
    out.add("\"at\":" + quote(step.kernel()));
    switch (step) {
      case Step.Originated(_, var packet) -> {
        out.add("\"step\":\"originated\"");
        out.add(packet(packet));
      }
      case Step.Arrived(_, var link, var from, var to, var packet) -> {
        out.add("\"step\":\"arrived\",\"link\":" + quote(link));
        out.add("\"eth\":" + quote(from + ">" + to));
        out.add(packet(packet));
      }
      case Step.MatchedRule(_, var hit, var packet, var in, var outDevice) -> {
        out.add("\"step\":\"rule\",\"hit\":" + quote(hit.toString()));
        out.add("\"hook\":" + quote(hit.hook().name()));
        if (hit.rule() != null) {
          out.add("\"rule\":" + quote(hit.rule().toString()));
        }
        out.add("\"mark\":" + Integer.toUnsignedString(hit.mark()));
        if (in != null) {
          out.add("\"in\":" + quote(in));
        }
        if (outDevice != null) {
          out.add("\"out\":" + quote(outDevice));
        }
        out.add(packet(packet));
      }
      case Step.Tracked(_, var state, _, var entry) -> {
        out.add("\"step\":\"tracked\",\"state\":" + quote(state));
        out.add("\"entry\":" + quote(entry));
      }
      case Step.Translated(_, var before, var after) ->
          out.add(
              "\"step\":\"translated\",\"before\":"
                  + quote(before.toString())
                  + ",\"after\":"
                  + quote(after.toString()));
      case Step.Routed(_, var route, var device) -> {
        out.add("\"step\":\"routed\"");
        if (route != null) {
          out.add("\"route\":" + quote(route.toString()));
        }
        if (device != null) {
          out.add("\"out\":" + quote(device));
        }
      }
      case Step.Resolved(_, var neighbor) ->
          out.add(
              "\"step\":\"resolved\",\"neighbor\":"
                  + quote(neighbor.address().toString())
                  + ",\"mac\":"
                  + quote(String.valueOf(neighbor.mac())));
      case Step.Left(_, var link, var from, var to, var packet) -> {
        out.add("\"step\":\"left\",\"link\":" + quote(link));
        out.add("\"eth\":" + quote(from + ">" + to));
        out.add(packet(packet));
      }
      case Step.Encapsulated(_, var device, var outer) -> {
        out.add("\"step\":\"encapsulated\",\"device\":" + quote(device));
        out.add(packet(outer));
      }
      case Step.Decapsulated(_, var device, var inner) -> {
        out.add("\"step\":\"decapsulated\",\"device\":" + quote(device));
        out.add(packet(inner));
      }
      case Step.Delivered(_, var packet, var to) -> {
        out.add("\"step\":\"delivered\",\"to\":" + quote(to));
        out.add(packet(packet));
      }
      case Step.Dropped(_, var reason, var detail) -> {
        out.add("\"step\":\"dropped\",\"reason\":" + quote(reason.name()));
        out.add("\"text\":" + quote(reason.text()) + ",\"detail\":" + quote(detail));
      }
    }
    return out.toString();
  }

  private static String packet(PacketSummary packet) {
    return "\"packet\":" + quote(packet.toString()) + ",\"ttl\":" + packet.ttl();
  }

  private static String quote(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
