package dev.aviary.kernel.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.TraceText;
import dev.aviary.net.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DumpedNetworkTest {
  private static final String ADDRESSES =
      """
      1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
          link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
          inet 127.0.0.1/8 scope host lo
             valid_lft forever preferred_lft forever
      2: ens33: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
          link/ether 00:0c:29:aa:01:52 brd ff:ff:ff:ff:ff:ff
          inet 192.168.43.152/24 brd 192.168.43.255 scope global noprefixroute ens33
      7: cali17fddc925b9@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP group default
          link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff link-netnsid 0
      """;
  private static final String ROUTES =
      """
      default via 192.168.43.2 dev ens33 proto static metric 100
      10.244.166.128/26 via 192.168.43.153 dev ens33 proto bird
      10.244.219.75 dev cali17fddc925b9 scope link
      192.168.43.0/24 dev ens33 proto kernel scope link src 192.168.43.152 metric 100
      """;

  private static DumpedNetwork load(boolean lenient, String... more) throws DumpException {
    var files = new ArrayList<HostDump.File>();
    files.add(new HostDump.File("d/ip-addr.txt", ADDRESSES));
    files.add(new HostDump.File("d/ip-route.txt", ROUTES));
    for (int i = 0; i < more.length; i += 2) {
      files.removeIf(file -> file.name().equals("d/ip-route.txt") && more[0].contains("route"));
      files.add(new HostDump.File("d/" + more[i], more[i + 1]));
    }
    return DumpedNetwork.load(
        List.of(new HostDump("master", files)),
        name -> new Kernel(name, () -> Instant.EPOCH, new Random(name.hashCode())),
        lenient);
  }

  private static String walk(DumpedNetwork network, String from, String to, int port) {
    network.listen(6);
    var origin = network.origin(from).orElseThrow();
    var walk = PacketWalk.recording();
    var conversation =
        Conversation.start(
            origin.kernel(),
            Probe.tcp(IpAddress.of(to), port).withSource(origin.source().orElse(null), 0),
            walk);
    walk.giveUpOnNeighbors();
    return new TraceText(Map.of()).print(from, walk.traces(), conversation.outcome());
  }

  @Test
  void aPodReachesWhatIsNotDumped() throws DumpException {
    assertThat(walk(load(false), "10.244.219.75", "10.244.166.159", 80))
        .contains("route 10.244.166.128/26 via 192.168.43.153 dev ens33 proto bird")
        .contains("192.168.43.153 (not dumped)")
        .contains("=> answered by 10.244.166.159:80");
    assertThat(walk(load(false), "10.244.219.75", "8.8.8.8", 53))
        .contains("=> answered by 8.8.8.8");
  }

  @Test
  void theOutsideComesIn() throws DumpException {
    assertThat(walk(load(false), "192.168.43.77", "192.168.43.152", 22)).contains("=> answered");
    assertThat(walk(load(false), "1.2.3.4", "10.244.219.75", 80)).contains("=> answered");
  }

  @Test
  void rulesDecide() throws DumpException {
    var network =
        load(
            false,
            "iptables-save.txt",
            "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m set --match-set ok src -j ACCEPT\nCOMMIT\n",
            "ipset-save.txt",
            "create ok hash:net\nadd ok 10.244.166.0/24\n");
    assertThat(walk(network, "10.244.219.75", "10.244.166.159", 80))
        .contains("dropped: a rule dropped it (filter:FORWARD:policy:2)");
  }

  @Test
  void unknownMatchesAreRefusedOrNeverMatch() throws DumpException {
    var rules = "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m bpf --bytecode x -j DROP\nCOMMIT\n";
    assertThatThrownBy(() -> load(false, "iptables-save.txt", rules))
        .isInstanceOf(DumpException.class)
        .hasMessageStartingWith("d/iptables-save.txt:3: ")
        .hasMessageContaining("bpf");
    assertThat(walk(load(true, "iptables-save.txt", rules), "10.244.219.75", "8.8.8.8", 53))
        .contains("warning: match 'bpf' is not known here: the rule never matches")
        .contains("=> answered");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ip-route.txt|default via 1.1.1 dev ens33|d/ip-route.txt:1: ",
        "ip-route.txt|10.0.0.0/8 via 192.168.43.9 dev ens9|d/ip-route.txt:1: no link",
        "ip-rule.txt|from all lookup main|d/ip-rule.txt:1: ",
        "conntrack-L.txt|tcp six|d/conntrack-L.txt:1: 'six' is not a protocol number",
        "ipset.txt|add b 1.1.1.1|d/ipset.txt:1: ",
        "sysctl.txt|ip_forward|d/sysctl.txt:1: 'ip_forward' is not NAME = VALUE",
        "ip-a.txt|x|d/ip-a.txt: holds the same as d/ip-addr.txt: leave one of them",
      })
  void badFilesAreNamedWithTheirLine(String name, String text, String message) {
    assertThatThrownBy(() -> load(false, name, text))
        .isInstanceOf(DumpException.class)
        .hasMessageStartingWith(message.replace("no link", "there is no link 'ens9'"));
  }

  @ParameterizedTest
  @CsvSource({
    "iptables-save.txt, TABLES",
    "master.iptables-save.legacy.txt, TABLES",
    "ip6tables-save, TABLES6",
    "ipset_save.txt, SETS",
    "ip_route.txt, ROUTES",
    "ip-6-route.txt, ROUTES6",
    "route.txt, ROUTES",
    "ip-addr, ADDRESSES",
    "master.ip-addr-link.txt, ADDRESSES",
    "ip a.txt, ADDRESSES",
    "ip-rule.txt, RULES",
    "ip-neigh.txt, NEIGHBORS",
    "bridge-fdb.txt, FORWARDING",
    "conntrack-L.txt, CONNECTIONS",
    "sysctl-a.txt, SYSCTLS",
    "README.md, ''",
    "ip-route-get.txt, ''",
  })
  void namesSayWhatIsInThem(String name, String kind) {
    assertThat(DumpKind.of(name).map(DumpKind::name).orElse("")).isEqualTo(kind);
  }
}
