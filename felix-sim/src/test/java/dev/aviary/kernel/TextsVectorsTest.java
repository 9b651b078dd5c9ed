package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.aviary.kernel.command.Commands;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** What the tools print on the seed cluster's hosts, with its known flows open. */
class TextsVectorsTest {
  private static final String FOLDER = "kernel-golden/seed/texts";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern NAME = Pattern.compile("(\\w+)\\.(.+)\\.txt");

  @TestFactory
  List<DynamicTest> texts() throws IOException, RestoreException {
    var scenario = JSON.readTree(Vectors.text("kernel-golden/seed/scenario.json"));
    var traced = new TracedTexts(scenario);
    var lab = new Lab(scenario);
    for (var kernel : lab.all()) {
      kernel.sysctls().set("net.ipv6.conf.all.disable_ipv6", 1);
    }
    flows(lab);
    for (var node : List.of("master", "node1")) {
      sets(lab.get(node), Vectors.text(FOLDER + "/" + node + ".ipset.txt"));
    }
    for (var node : List.of("master", "node1")) {
      lab.get(node)
          .iptablesRestore(
              IpFamily.IPV4,
              Vectors.text(FOLDER + "/" + node + ".iptables-save-c.legacy.txt"),
              false);
    }
    var tests = new ArrayList<DynamicTest>();
    for (var file : Vectors.list(FOLDER, "*.txt")) {
      var name = NAME.matcher(String.valueOf(file.getFileName()));
      if (name.matches()) {
        tests.add(
            DynamicTest.dynamicTest(
                name.group(1) + " " + name.group(2),
                () -> check(lab.get(name.group(1)), name.group(2), file, traced)));
      }
    }
    return tests;
  }

  /** The sets again, with the hash's start value that the recording has. */
  private static void sets(Kernel kernel, String text) throws RestoreException {
    kernel.iptablesRestore(IpFamily.IPV4, "*filter\nCOMMIT\n*nat\nCOMMIT\n", false);
    kernel.ipsetRestore("destroy\n");
    kernel.ipsetRestore(text.split("---\n", -1)[1]);
  }

  /** The flows that were open when the texts were taken, started in that order. */
  private static void flows(Lab lab) {
    open(lab, "client", Probe.tcp(IpAddress.of("192.168.43.152"), 30000), 50447);
    open(lab, "client", Probe.tcp(IpAddress.of("192.168.43.152"), 30000), 50446);
    open(lab, "pod1", Probe.tcp(IpAddress.of("10.1.118.185"), 80), 40100);
    open(lab, "pod1", Probe.tcp(IpAddress.of("10.244.166.159"), 80), 40101);
    open(lab, "pod1", Probe.tcp(IpAddress.of("203.0.113.10"), 80), 40102);
    open(lab, "pod2", Probe.tcp(IpAddress.of("10.1.118.185"), 80), 40103);
    open(lab, "pod1", Probe.udp(IpAddress.of("10.244.166.159"), 80), 40104);
    open(lab, "pod1", Probe.ping(IpAddress.of("10.244.166.159")), 9216);
    open(lab, "pod1", Probe.udp(IpAddress.of("10.1.60.60"), 53), 40105);
    open(lab, "master", Probe.tcp(IpAddress.of("10.1.118.185"), 80), 40106);
    open(lab, "pod1", Probe.tcp(IpAddress.of("192.168.43.153"), 22), 40107);
    open(lab, "pod3", Probe.tcp(IpAddress.of("10.244.219.76"), 80), 40108);
    open(lab, "client", Probe.tcp(IpAddress.of("192.168.43.153"), 30000), 50448);
    lab.advance(Duration.ofMillis(10));
  }

  private static void open(Lab lab, String from, Probe probe, int port) {
    Conversation.start(lab.get(from), probe.withSource(null, port), PacketWalk.silent());
  }

  private static String run(Kernel kernel, String... commands) {
    var out = new StringBuilder();
    for (var command : commands) {
      if (command.equals("---")) {
        out.append("---\n");
        continue;
      }
      var result = Commands.run(kernel, List.of(command.split(" ", -1)));
      out.append(result.stdout()).append(result.stderr());
    }
    return out.toString();
  }

  private static String stdout(Kernel kernel, String... commands) {
    var out = new StringBuilder();
    for (var command : commands) {
      out.append(
          command.equals("---")
              ? "---\n"
              : Commands.run(kernel, List.of(command.split(" ", -1))).stdout());
    }
    return out.toString();
  }

  private static void check(Kernel kernel, String what, Path file, TracedTexts traced)
      throws IOException {
    var golden = Files.readString(file);
    var nft = what.endsWith(".nft") || what.contains(".nft.");
    var tool = nft ? "iptables-nft" : "iptables";
    var parts = what.split("\\.", -1);
    switch (what.startsWith("conntrack-L.") ? what : parts[0]) {
      case "S" -> equal(golden, run(kernel, tool + " -t " + parts[1] + " -S"));
      case "L" -> equal(golden, run(kernel, tool + " -t " + parts[1] + " -L"));
      case "Ln" -> equal(golden, run(kernel, tool + " -t " + parts[1] + " -L -n"));
      case "Lnv" -> counted(golden, run(kernel, tool + " -t " + parts[1] + " -L -n -v"), nft);
      case "Lnvx" ->
          counted(
              golden, run(kernel, tool + " -t " + parts[1] + " -L -n -v -x --line-numbers"), nft);
      case "iptables-save" -> equal(saved(golden), saved(run(kernel, tool + "-save")));
      case "iptables-save-c" -> counted(saved(golden), saved(run(kernel, tool + "-save -c")), nft);
      case "ip-route" -> equal(golden, run(kernel, "ip route"));
      case "ip-route-table-all" -> equal(golden, run(kernel, "ip route show table all"));
      case "ip-d-route" -> equal(golden, run(kernel, "ip -d route"));
      case "ip-j-route" -> equal(golden.strip(), run(kernel, "ip -j route").strip());
      case "ip-rule" -> equal(golden, run(kernel, "ip rule"));
      case "ip-route-get" -> routeGet(kernel, golden);
      case "ip-route-addr" ->
          equal(
              wires(golden), wires(run(kernel, "ip route", "---", "ip -4 addr", "---", "ip link")));
      case "ip-addr-link" ->
          equal(wires(golden), wires(run(kernel, "ip -4 addr", "---", "ip link")));
      case "ip-neigh" -> equal(states(golden), states(run(kernel, "ip neigh")));
      case "route-n" -> equal(golden, run(kernel, "route -n"));
      case "netstat-rn" -> equal(golden, run(kernel, "netstat -rn"));
      case "arp-n" ->
          equal(
              sorted(golden),
              sorted(
                  kernel.hostName().startsWith("pod")
                      ? stdout(kernel, "arp -n", "---", "arp -an", "---", "arp -n")
                      : stdout(kernel, "arp -n", "---", "arp -an")));
      case "ipset" ->
          equal(
              initial(golden),
              initial(run(kernel, "ipset list", "---", "ipset save", "---", "ipset list -n")));
      case "conntrack-C-S" ->
          equal(golden.lines().findFirst().orElse(""), run(kernel, "conntrack -C").strip());
      case "conntrack-L" -> equal(flows(golden), flows(stdout(kernel, "conntrack -L")));
      case "conntrack-L-extended" ->
          equal(flows(golden), flows(stdout(kernel, "conntrack -L -o extended")));
      case "conntrack-L-id" -> equal(flows(golden), flows(stdout(kernel, "conntrack -L -o id")));
      case "conntrack-L-nat" ->
          equal(
              flows(golden),
              flows(
                  run(
                      kernel,
                      "conntrack -L -j",
                      "---",
                      "conntrack -L -n",
                      "---",
                      "conntrack -L -g")));
      case "conntrack-dport30000" ->
          equal(flows(golden), flows(run(kernel, "conntrack -L -p tcp --dport 30000")));
      case "proc-nf_conntrack" ->
          equal(flows(golden), flows(run(kernel, "cat /proc/net/nf_conntrack")));
      case "sysctl" -> sysctl(kernel, golden);
      case "S-chains" -> chains(kernel, golden, tool, nft);
      case "conntrack-L.stderr" -> {} // one line of the listing: which one, the hash decides
      case "conntrack-E" -> traced.checkEvents(golden);
      case "dmesg-TRACE" -> traced.checkLog(golden);
      case "xtables-monitor-trace" -> traced.checkXtables(golden);
      case "nft-monitor-trace" -> traced.checkNft(golden);
      case "nft-list-ruleset" -> traced.checkRuleset(golden);
      default -> fail("no command here prints " + what);
    }
  }

  private static void equal(String golden, String actual) {
    assertThat(actual).isEqualTo(golden);
  }

  /** The nft texts were taken later, when more packets had come. */
  private static void counted(String golden, String actual, boolean nft) {
    if (nft) {
      equal(withoutCounters(golden), withoutCounters(actual));
    } else {
      equal(golden, actual);
    }
  }

  private static String withoutCounters(String text) {
    return text.replaceAll("(?m)\\d+ packets, \\d+ bytes", "")
        .replaceAll("\\[\\d+:\\d+]", "")
        .replaceAll("(?m)^(\\d+)? +\\d+ +\\d+ ", "$1 ");
  }

  private static String saved(String text) {
    return text.replaceAll("(?m) on \\w+ \\w+ .*$", "").replaceAll("\\[\\d+:\\d+]\\n", "\n");
  }

  /** Every link of the recording was a veth, and the bridge had an address of its own. */
  private static String wires(String text) {
    return text.replaceAll("@if\\d+", "")
        .replaceAll(" link-netnsid \\d+", "")
        .replaceAll("(docker0[^\n]*\n +link/ether )[0-9a-f:]{17}", "$1(mac)");
  }

  /** How long ago a neighbor was heard of differs. */
  private static String states(String text) {
    return sorted(text.replaceAll("REACHABLE|STALE|DELAY|PROBE", "(state)"));
  }

  private static String sorted(String text) {
    return text.lines().sorted().reduce("", (a, b) -> a + b + "\n");
  }

  private static String initial(String text) {
    return text.replaceAll("initval 0x[0-9a-f]+", "initval (random)");
  }

  private static String flows(String text) {
    return sorted(
        text.replaceAll(" id=\\d{6,}", " id=*")
            .replaceAll("(?<=src=192.168.43.15[23] dst=[0-9.]{7,15} sport=)\\d{5}", "*")
            .replaceAll("dport=\\d{4,5}(?= (\\[ASSURED]|mark))", "dport=*")
            .replaceAll(" (\\d+) (?=src|ESTABLISHED)", " (timeout) ")
            .replaceAll("use=\\d", "use="));
  }

  private static void routeGet(Kernel kernel, String golden) {
    var out = new StringBuilder();
    for (var line : golden.lines().toList()) {
      if (line.startsWith("# ")) {
        out.append(line).append('\n').append(run(kernel, line.substring(2)));
      }
    }
    equal(golden, out.toString());
  }

  private static void sysctl(Kernel kernel, String golden) {
    var out = new StringBuilder();
    for (var line : golden.lines().toList()) {
      out.append(run(kernel, "sysctl " + line.substring(0, line.indexOf(' '))));
    }
    equal(golden, out.toString());
  }

  private static void chains(Kernel kernel, String golden, String tool, boolean nft) {
    var names = new TreeSet<String>();
    for (var line : golden.lines().toList()) {
      if (line.startsWith("-N ")) {
        names.add(line.substring(3));
      }
    }
    for (var name : names) {
      var printed = run(kernel, tool + " -t nat -S " + name);
      assertThat(golden).contains(printed);
    }
    assertThat(golden).contains(run(kernel, tool + " -t nat -S NOSUCH").stripTrailing());
    if (!nft) {
      assertThat(golden).contains(run(kernel, tool + " -t nat -L KUBE-SEP-X4R67US2PCZJVEDY"));
    }
  }
}
