package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.command.Commands;
import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What monitors print on the seed cluster's master while five of its probes pass, each followed by
 * a flush of the connections, as they were recorded.
 */
final class TracedTexts {
  private static final List<String> TRACERS =
      List.of("-p icmp", "-p udp", "-p tcp -m tcp --tcp-flags SYN,RST,ACK SYN");
  private static final List<String> MONITORS =
      List.of("conntrack -E", "xtables-monitor --trace", "nft monitor trace");

  private final Kernel master;
  private final String ruleset;
  private final Map<String, String> heard = new HashMap<>();

  TracedTexts(JsonNode scenario) throws RestoreException {
    var lab = new Lab(scenario);
    master = lab.get("master");
    ruleset = run("nft list ruleset");
    for (var chain : List.of("PREROUTING", "OUTPUT")) {
      for (int i = 0; i < TRACERS.size(); i++) {
        run("iptables -t raw -I " + chain + " " + (i + 1) + " " + TRACERS.get(i) + " -j TRACE");
      }
    }
    MONITORS.forEach(this::run);
    send(lab, "pod1", Probe.udp(IpAddress.of("10.244.166.159"), 80), 41002, "pod1-pod2-udp");
    send(lab, "pod1", Probe.ping(IpAddress.of("10.244.166.159")), 8193, "abcdefgh".repeat(7));
    send(lab, "client", Probe.tcp(IpAddress.of("192.168.43.152"), 30000), 50447, "x");
    send(lab, "pod1", Probe.udp(IpAddress.of("203.0.113.10"), 53), 41047, "pod1-ext-udp-masq");
    send(lab, "pod3", Probe.tcp(IpAddress.of("10.244.219.76"), 80), 41079, "x");
    MONITORS.forEach(command -> heard.put(command, run(command)));
    heard.put("dmesg", run("dmesg"));
  }

  private String run(String command) {
    var result = Commands.run(master, List.of(command.split(" ", -1)));
    assertThat(result.exit()).as(command + ": " + result.stderr()).isZero();
    return result.stdout();
  }

  private String heard(String command) {
    var text = heard.get(command);
    if (text == null) {
      throw new IllegalArgumentException("nobody ran " + command);
    }
    return text;
  }

  private void send(Lab lab, String from, Probe probe, int source, String payload) {
    Conversation.start(
            lab.get(from), probe.withSource(null, source).withPayload(payload), PacketWalk.silent())
        .close();
    lab.advance(Duration.ofMillis(20));
    run("conntrack -F");
  }

  void checkRuleset(String golden) {
    var counters = "packets \\d+ bytes \\d+";
    same(golden.replaceAll(counters, "*"), ruleset.replaceAll(counters, "*"));
  }

  /** Source ports that the kernel draws, and the number of the command that deletes. */
  void checkEvents(String golden) {
    var drawn = "(?<=dst=192.168.43.152 sport=\\d{2} dport=)\\d+|(?<=portid=)\\d+";
    same(golden.replaceAll(drawn, "*"), heard("conntrack -E").replaceAll(drawn, "*"));
  }

  /** Times, identifications, sequence numbers, TCP's time stamps and drawn ports. */
  void checkLog(String golden) {
    var drawn =
        "(?m)^\\[ *\\d+\\.\\d+]|(?<= ID=)\\d+|(?<=SEQ=)\\d+|(?<=WINDOW=)\\d+"
            + "|(?<=080A)[0-9A-F]{8}|(?<=SPT=53 DPT=)(?!41047)\\d+";
    same(golden.replaceAll(drawn, "*"), heard("dmesg").replaceAll(drawn, "*"));
  }

  void checkXtables(String golden) {
    same(numbered(golden), numbered(heard("xtables-monitor --trace")));
  }

  void checkNft(String golden) {
    same(numbered(golden), numbered(heard("nft monitor trace")));
  }

  /** The first line that differs says more than two long texts. */
  private static void same(String golden, String actual) {
    var expected = golden.lines().toList();
    var lines = actual.lines().toList();
    for (int i = 0; i < Math.min(expected.size(), lines.size()); i++) {
      assertThat(lines.get(i)).as("line " + (i + 1)).isEqualTo(expected.get(i));
    }
    assertThat(lines).hasSameSizeAs(expected);
  }

  /** Packets counted as they come; identifications, and a quoted header's with its checksum. */
  private static String numbered(String text) {
    var ids = new HashMap<String, Integer>();
    var out = new StringBuilder();
    var id = Pattern.compile("(?<=PACKET: 2 |TRACE: 2 |trace id )[0-9a-f]{8}").matcher(text);
    while (id.find()) {
      id.appendReplacement(out, "packet " + ids.computeIfAbsent(id.group(), _ -> ids.size() + 1));
    }
    return id.appendTail(out)
        .toString()
        .replaceAll(
            "(?<= ID=)\\d+|(?<=ip id )\\d+|(?<=SPORT=53 DPORT=)(?!41047)\\d+"
                + "|(?<=udp sport 53 udp dport )(?!41047)\\d+|(?<=tcp window )\\d+",
            "*")
        .replaceAll("(?<=0x4500003c)[0-9a-f]{4}(40003f06)[0-9a-f]{4}", "*$1*");
  }
}
