package dev.aviary.kernel;

import dev.aviary.kernel.conntrack.ConntrackText;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.IpProtocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a walk did beside what was recorded: a difference is a line. */
final class LabComparison {
  private static final Pattern PORT = Pattern.compile("(?<=:)\\d+|(?<=port=)\\d+|(?<=id=)\\d+");
  private static final Pattern TIMEOUT = Pattern.compile("(\\w+ \\d+) (\\d+) (?=[A-Zst])");
  private static final Pattern ETH = Pattern.compile(" (\\w\\w:){5}\\w\\w>(\\w\\w:){5}\\w\\w");
  private static final Pattern RANGE = Pattern.compile("--to-ports (\\d+)-(\\d+)");

  private final Lab lab;
  private final Set<Integer> known = new HashSet<>();
  private final Set<Integer> chosen = new HashSet<>();
  private final boolean firstOnly;

  LabComparison(JsonNode scenario, Lab lab) {
    this.lab = lab;
    this.firstOnly = scenario.path("trace").asString("first").equals("first");
    collect(scenario);
    var ranges = RANGE.matcher(scenario.path("nodes").toString());
    while (ranges.find()) {
      for (int port = Integer.parseInt(ranges.group(1));
          port <= Integer.parseInt(ranges.group(2));
          port++) {
        chosen.add(port);
      }
    }
  }

  /** Says that a port is the scenario's own, not one that was drawn. */
  void know(int port) {
    known.add(port);
  }

  /** Every number that stands somewhere in the scenario may be compared; others are random. */
  private void collect(JsonNode node) {
    if (node.isNumber()) {
      known.add(node.asInt());
    } else if (node.isString()) {
      var numbers = Pattern.compile("\\d{1,5}").matcher(node.asString());
      while (numbers.find()) {
        known.add(Integer.parseInt(numbers.group()));
      }
    } else {
      for (var child : node) {
        collect(child);
      }
    }
  }

  /** True for a port out of a range that a rule lets the kernel choose from. */
  private boolean isChosen(int port) {
    return chosen.contains(port);
  }

  private String masked(String text) {
    var out = new StringBuilder();
    var ports = PORT.matcher(text);
    while (ports.find()) {
      int port = Integer.parseInt(ports.group());
      ports.appendReplacement(out, known.contains(port) && !isChosen(port) ? ports.group() : "*");
    }
    return ports.appendTail(out).toString();
  }

  static void compare(String what, String expected, String actual, List<String> differences) {
    if (!expected.equals(actual)) {
      differences.add(what + "\n      expected " + expected + "\n      but was  " + actual);
    }
  }

  void compareOutcome(Conversation conversation, JsonNode expected, List<String> differences) {
    var outcome = conversation.outcome();
    var text =
        switch (outcome) {
          case Outcome.Answered _ -> "ok";
          case Outcome.Refused(var errno) -> "refused " + errno;
          case Outcome.Failed(var errno, _) -> "error " + errno;
          case Outcome.LocalError(var errno) -> "local-error " + errno;
          case Outcome.TimedOut _ -> "timeout";
        };
    var wanted =
        (expected.path("outcome").asString() + " " + expected.path("errno").asString("")).strip();
    if (wanted.equals("error") || wanted.equals("refused")) {
      text = text.split(" ", -1)[0]; // a raw socket gets no errno
    }
    if (wanted.equals("timeout ECONNREFUSED")) {
      wanted = "refused ECONNREFUSED"; // the prober was told to overlook it
    }
    if (wanted.equals("no-reply")) {
      wanted = "timeout";
    }
    compare("outcome", wanted, text, differences);
    if (expected.has("reply_ttl") && outcome instanceof Outcome.Answered(_, var ttl, _)) {
      compare("reply_ttl", expected.path("reply_ttl").asString(), ttl + "", differences);
    }
  }

  void compareErrors(Kernel from, PacketWalk walk, JsonNode expected, List<String> differences) {
    var wanted = new ArrayList<String>();
    for (var error : expected.path("icmp_errors")) {
      if (error.path("type").asInt() != 5) {
        wanted.add(
            error.path("type").asInt()
                + "/"
                + error.path("code").asInt()
                + " from "
                + error.path("from").asString()
                + " mtu "
                + error.path("mtu").asInt(0)
                + " inner "
                + error.path("inner").asString());
      }
    }
    var actual = new ArrayList<String>();
    for (var trace : walk.traces()) {
      for (var step : trace.steps()) {
        if (step instanceof Step.Delivered(var host, var packet, _)
            && host.equals(from.hostName())
            && packet.quoted() != null
            && packet.icmpType() != 5) {
          var quoted = packet.quoted();
          boolean icmp = quoted.protocol() == 1;
          boolean ports = IpProtocol.hasPorts(quoted.protocol());
          actual.add(
              packet.icmpType()
                  + "/"
                  + packet.icmpCode()
                  + " from "
                  + packet.source()
                  + " mtu "
                  + packet.mtu()
                  + " inner "
                  + quoted.source()
                  + ":"
                  + (icmp ? quoted.icmpId() : ports ? quoted.sourcePort() : "")
                  + ">"
                  + quoted.destination()
                  + ":"
                  + (ports ? quoted.destinationPort() : "")
                  + " ttl "
                  + quoted.ttl());
        }
      }
    }
    compare("icmp_errors", wanted.toString(), actual.toString(), differences);
  }

  void compareDelivered(
      PacketWalk walk, JsonNode expected, List<String> differences, String notAt) {
    var delivered = expected.path("delivered");
    var wanted =
        delivered.isMissingNode()
            ? ""
            : delivered.path("at").asString()
                + " "
                + delivered.path("src").asString()
                + ">"
                + delivered.path("dst").asString();
    var actual = "";
    if (!walk.traces().isEmpty()) {
      for (var step : walk.traces().getFirst().steps()) {
        if (step instanceof Step.Delivered(var host, var packet, _) && !host.equals(notAt)) {
          actual = host + " " + packet.sourceText() + ">" + packet.destinationText();
        }
      }
    }
    compare("delivered", masked(wanted), masked(actual), differences);
  }

  void compareConntrack(JsonNode expected, List<String> differences, String field) {
    var wanted = new TreeMap<String, List<String>>();
    for (var node : expected.path(field).properties()) {
      for (var line : node.getValue()) {
        wanted.computeIfAbsent(node.getKey(), _ -> new ArrayList<>()).add(line(line.asString()));
      }
    }
    var actual = new TreeMap<String, List<String>>();
    for (var kernel : lab.all()) {
      for (var entry : kernel.conntrack().entries()) {
        var text = ConntrackText.proc(entry, kernel.conntrack().now());
        actual
            .computeIfAbsent(kernel.hostName(), _ -> new ArrayList<>())
            .add(line(text.replaceAll(" +", " ")));
      }
    }
    if (!chosen.isEmpty()) {
      // Which closed connection gives its port to a new one is a matter of chance.
      wanted.values().forEach(list -> list.removeIf(line -> line.contains("TIME_WAIT")));
      actual.values().forEach(list -> list.removeIf(line -> line.contains("TIME_WAIT")));
    }
    wanted.values().forEach(list -> list.sort(null));
    actual.values().forEach(list -> list.sort(null));
    compare(field, wanted.toString(), actual.toString(), differences);
  }

  /** Timeouts are rounded up to what they started from; reference counts are left out. */
  private String line(String text) {
    var out = new StringBuilder();
    var timeouts = TIMEOUT.matcher(text.replaceAll(" use=\\d+", ""));
    while (timeouts.find()) {
      long seconds = Long.parseLong(timeouts.group(2));
      long rounded = (seconds + 5) / 10 * 10;
      timeouts.appendReplacement(out, timeouts.group(1) + " ~" + rounded + " ");
    }
    return masked(timeouts.appendTail(out).toString());
  }

  void compareTraces(
      PacketWalk walk, JsonNode expected, List<String> differences, boolean withPackets) {
    var wanted = new TreeMap<String, List<String>>();
    for (var node : expected.path("trace").properties()) {
      for (var pass : node.getValue()) {
        var packet = pass.path("pkt").asString();
        if (!packet.startsWith("icmp ") || !packet.endsWith(" 5/1")) {
          var hits = new ArrayList<String>();
          pass.path("hits").forEach(hit -> hits.add(hit.asString()));
          wanted
              .computeIfAbsent(node.getKey(), _ -> new ArrayList<>())
              .add(
                  masked(
                      packet
                          + " in="
                          + pass.path("in").asString()
                          + " ttl="
                          + pass.path("ttl").asInt()
                          + " "
                          + String.join(" ; ", hits)));
        }
      }
    }
    var actual = new TreeMap<String, List<String>>();
    ProbeReport.hits(walk.traces(), lab, firstOnly)
        .forEach((host, passes) -> actual.put(host, passes.stream().map(this::masked).toList()));
    if (!wanted.equals(actual)) {
      differences.add(firstDifference(wanted, actual));
    }
    if (!withPackets) {
      return;
    }
    if (!walk.traces().isEmpty() && expected.has("end")) {
      var end = expected.path("end");
      compare(
          "end",
          end.path("ns").asString()
              + " "
              + end.path("dev").asString("")
              + " "
              + end.path("dir").asString()
              + " "
              + end.path("last_hit").asString(""),
          end.has("last_hit") || !lab.isTraced(end.path("ns").asString())
              ? ProbeReport.end(walk.traces().getFirst(), lab)
              : ProbeReport.end(walk.traces().getFirst(), lab).replaceAll("[^ ]*$", ""),
          differences);
    }
    comparePackets(walk, expected, differences);
  }

  void comparePackets(PacketWalk walk, JsonNode expected, List<String> differences) {
    var wanted = new ArrayList<String>();
    for (var packet : expected.path("packets")) {
      var what = packet.path("what").asString();
      if (what.startsWith("icmp 5/")) {
        continue;
      }
      var hops = new ArrayList<String>();
      for (var hop : packet.path("hops")) {
        var text =
            hop.path("ns").asString()
                + "."
                + hop.path("dev").asString()
                + " "
                + hop.path("dir").asString()
                + " "
                + hop.path("src").asString()
                + ">"
                + hop.path("dst").asString()
                + " ttl "
                + hop.path("ttl").asInt()
                + (hop.has("eth") ? " " + hop.path("eth").asString() : "");
        if (hop.has("inner")) {
          text += " inner " + hop.path("inner").asString();
        }
        hops.add(text);
      }
      wanted.add(
          masked(
              what
                  + " ["
                  + packet.path("len").asInt()
                  + " df "
                  + packet.path("df").asInt()
                  + "] "
                  + String.join(" | ", hops)));
    }
    boolean random = masked(expected.toString()).contains("port=*");
    boolean eth = expected.path("packets").toString().contains("\"eth\"");
    wanted.replaceAll(line -> withoutLength(line, random));
    var actual =
        ProbeReport.packets(walk.traces()).stream()
            .map(line -> eth ? line : ETH.matcher(line).replaceAll(""))
            .map(this::masked)
            .map(line -> withoutLength(line, random))
            .toList();
    for (int i = 0; i < Math.max(wanted.size(), actual.size()); i++) {
      var a = i < wanted.size() ? wanted.get(i) : "(none)";
      var b = i < actual.size() ? actual.get(i) : "(none)";
      if (!hops(a).equals(hops(b))) {
        compare("packet " + i, a, b, differences);
        return;
      }
    }
  }

  /** The hops in no order: two captures' clocks differ now and then. */
  private static List<String> hops(String line) {
    var hops = new ArrayList<>(List.of(line.replaceFirst("] ", "] | ").split(" \\| ", -1)));
    hops.sort(null);
    return hops;
  }

  /** An answer that names a random port is as long as that port has digits. */
  private static String withoutLength(String line, boolean random) {
    return random || line.contains(":*") ? line.replaceFirst("len \\d+ \\[\\d+", "len * [*") : line;
  }

  private static String firstDifference(
      Map<String, List<String>> wanted, Map<String, List<String>> actual) {
    var hosts = new java.util.TreeSet<>(wanted.keySet());
    hosts.addAll(actual.keySet());
    for (var host : hosts) {
      var a = wanted.getOrDefault(host, List.of());
      var b = actual.getOrDefault(host, List.of());
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        var x = i < a.size() ? a.get(i) : "(none)";
        var y = i < b.size() ? b.get(i) : "(none)";
        if (!x.equals(y)) {
          int at = 0;
          while (at < Math.min(x.length(), y.length()) && x.charAt(at) == y.charAt(at)) {
            at++;
          }
          int from = Math.max(0, at - 60);
          return "trace at "
              + host
              + " pass "
              + i
              + " "
              + x.substring(0, Math.min(x.length(), 70))
              + "\n      expected …"
              + x.substring(from, Math.min(x.length(), at + 120))
              + "\n      but was  …"
              + y.substring(Math.min(from, y.length()), Math.min(y.length(), at + 120));
        }
      }
    }
    return "trace";
  }

  void compareArp(PacketWalk walk, JsonNode expected, List<String> differences) {
    if (!expected.has("arp")) {
      return;
    }
    var wanted = new ArrayList<String>();
    expected.path("arp").forEach(line -> wanted.add(line.asString()));
    var actual = new ArrayList<String>();
    for (var event : walk.resolutions()) {
      if (event.frame() instanceof Frame.Resolution(_, _, var arp)) {
        actual.add(
            event.link().kernel().hostName()
                + " "
                + event.link().name()
                + " "
                + (event.out() ? "out" : "in")
                + " "
                + arp);
      }
    }
    wanted.sort(null);
    actual.sort(null);
    compare("arp", wanted.toString(), actual.toString(), differences);
  }
}
