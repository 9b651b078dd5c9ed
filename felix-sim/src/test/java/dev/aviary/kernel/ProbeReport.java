package dev.aviary.kernel;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.PacketSummary;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a walk's traces say, in the words of the recorded results. */
final class ProbeReport {
  private ProbeReport() {}

  /** One packet's pass through one host. */
  private static final class Pass {
    private final String host;
    private final String in;
    private final PacketSummary packet;
    private final List<String> hits = new ArrayList<>();
    private String lastPacket;
    private String lastOut = "";
    private int lastMark;

    Pass(String host, String in, PacketSummary packet) {
      this.host = host;
      this.in = in;
      this.packet = packet;
      this.lastPacket = packet.toString();
    }

    void add(Step.MatchedRule step) {
      var text = new StringBuilder(step.hit().toString());
      var packetNow = step.packet().toString();
      if (!packetNow.equals(lastPacket)) {
        text.append(" pkt=").append(packetNow);
        lastPacket = packetNow;
      }
      var out = step.outDevice() == null ? "" : step.outDevice();
      if (!out.equals(lastOut)) {
        text.append(" out=").append(out);
        lastOut = out;
      }
      if (step.hit().mark() != lastMark) {
        text.append(" mark=0x").append(Integer.toHexString(step.hit().mark()));
        lastMark = step.hit().mark();
      }
      hits.add(text.toString());
    }
  }

  private static List<Pass> passes(Trace trace) {
    var passes = new ArrayList<Pass>();
    for (var step : trace.steps()) {
      switch (step) {
        case Step.Originated(var host, var packet) -> passes.add(new Pass(host, "", packet));
        case Step.Arrived(var host, var link, _, _, var packet) ->
            passes.add(new Pass(host, link, packet));
        case Step.MatchedRule matched -> {
          for (var pass : passes.reversed()) {
            if (pass.host.equals(matched.kernel())) {
              pass.add(matched);
              break;
            }
          }
        }
        default -> {}
      }
    }
    return passes;
  }

  /** Per host the passes with their hits, one line each. */
  static Map<String, List<String>> hits(List<Trace> traces, Lab lab, boolean firstOnly) {
    var all = new LinkedHashMap<String, List<String>>();
    for (var trace : traces) {
      for (var pass : passes(trace)) {
        if (lab.isTraced(pass.host)
            && !pass.hits.isEmpty()
            && (!firstOnly || isFirst(pass.packet))
            && !isRedirect(pass.packet)) {
          all.computeIfAbsent(pass.host, _ -> new ArrayList<>())
              .add(
                  pass.packet
                      + " in="
                      + pass.in
                      + " ttl="
                      + pass.packet.ttl()
                      + " "
                      + String.join(" ; ", pass.hits));
        }
      }
    }
    return all;
  }

  private static boolean isFirst(PacketSummary packet) {
    return switch (packet.protocol()) {
      case 6 -> (packet.tcpFlags() & 0x17) == 0x02;
      case 1, 17 -> true;
      default -> false;
    };
  }

  private static boolean isRedirect(PacketSummary packet) {
    return packet.protocol() == 1 && packet.icmpType() == 5;
  }

  /** One line for each packet with its hops. */
  static List<String> packets(List<Trace> traces) {
    var lines = new ArrayList<String>();
    for (var trace : traces) {
      var seen = new ArrayList<Seen>();
      for (var step : trace.steps()) {
        switch (step) {
          case Step.Left(var host, var link, var from, var to, var packet) ->
              seen.add(new Seen(host, link, "out", from + ">" + to, packet));
          case Step.Arrived(var host, var link, var from, var to, var packet) -> {
            if (!link.equals("lo")) {
              seen.add(new Seen(host, link, "in", from + ">" + to, packet));
            }
          }
          default -> {}
        }
      }
      if (!seen.isEmpty() && !isRedirect(trace.packet())) {
        var packet = seen.getFirst().packet();
        var last = seen.getLast();
        // The recordings show a later fragment as it was at last, wherever it was seen.
        boolean later = packet.payloadLength() < 0;
        var hops =
            seen.stream().map(s -> later ? s.with(last.eth(), last.packet()) : s).map(Seen::text);
        lines.add(
            packet.what()
                + " ["
                + packet.length()
                + " df "
                + (packet.dontFragment() ? 1 : 0)
                + "] "
                + String.join(" | ", hops.toList()));
      }
    }
    return lines;
  }

  /** A packet on a link. */
  private record Seen(
      String host, String link, String direction, String eth, PacketSummary packet) {
    Seen with(String eth, PacketSummary packet) {
      return new Seen(host, link, direction, eth, packet);
    }

    String text() {
      var text =
          host
              + "."
              + link
              + " "
              + direction
              + " "
              + end(packet, packet.sourceText(), packet.source())
              + ">"
              + end(packet, packet.destinationText(), packet.destination())
              + " ttl "
              + packet.ttl()
              + " "
              + eth;
      return packet.quoted() == null ? text : text + " inner " + inner(packet.quoted());
    }
  }

  /** The recordings show ports of TCP and UDP only. */
  private static String end(PacketSummary packet, String text, IpAddress address) {
    return packet.protocol() == IpProtocol.SCTP ? address.toString() : text;
  }

  private static String inner(PacketSummary quoted) {
    return quoted.protocolText()
        + " "
        + quoted.sourceText()
        + ">"
        + quoted.destinationText()
        + " ttl "
        + quoted.ttl();
  }

  /** Where the first packet stopped. */
  static String end(Trace trace, Lab lab) {
    var dev = "";
    var host = "";
    var direction = "local-output";
    var lastHit = "";
    var seen = new LinkedHashMap<String, Integer>();
    var first = new LinkedHashMap<String, String>();
    for (var step : trace.steps()) {
      switch (step) {
        case Step.Originated(var kernel, _) -> host = kernel;
        case Step.Left(var kernel, var link, _, _, _) -> {
          host = kernel;
          dev = link;
          direction = "out";
        }
        case Step.Arrived(var kernel, var link, _, _, _) -> {
          if (!link.equals("lo")) {
            host = kernel;
            dev = link;
            direction = "in";
            lastHit = "";
            seen.merge(kernel, 1, Integer::sum);
          }
        }
        case Step.MatchedRule matched -> {
          if (lab.isTraced(matched.kernel()) && !"lo".equals(matched.inDevice())) {
            lastHit = matched.hit().toString();
            int pass = seen.getOrDefault(matched.kernel(), 0);
            if (pass <= 1) {
              first.put(matched.kernel(), lastHit);
            }
          }
        }
        default -> {}
      }
    }
    // The recordings name the last hit of the host's first pass.
    return host
        + " "
        + dev
        + " "
        + direction
        + " "
        + (seen.getOrDefault(host, 0) > 1 ? first.getOrDefault(host, lastHit) : lastHit);
  }
}
