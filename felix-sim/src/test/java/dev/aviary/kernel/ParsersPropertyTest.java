package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.command.Commands;
import dev.aviary.kernel.route.RouteParser;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever stands in a text: it is taken, or refused by the one exception, and nothing changed. */
class ParsersPropertyTest {
  private static final List<String> WORDS =
      List.of(
          "*filter",
          "*nat",
          "*raw",
          "COMMIT",
          ":X - [0:0]",
          ":INPUT DROP [1:2]",
          "-A",
          "-I",
          "-D",
          "-N",
          "-X",
          "-F",
          "X",
          "INPUT",
          "FORWARD",
          "-s",
          "10.0.0.0/8",
          "!",
          "-p",
          "tcp",
          "udp",
          "-m",
          "comment",
          "--comment",
          "\"a b\"",
          "conntrack",
          "--ctstate",
          "NEW,RELATED",
          "-j",
          "ACCEPT",
          "DNAT",
          "--to-destination",
          "1.2.3.4:80",
          "-g",
          "set",
          "--match-set",
          "S",
          "src,dst",
          "multiport",
          "--dports",
          "1:2,3",
          "statistic",
          "--mode",
          "random",
          "--probability",
          "0.5",
          "mark",
          "--mark",
          "0x1/0x3",
          "limit",
          "[3:4]",
          "\"",
          "\\",
          "\n",
          "create",
          "add",
          "del",
          "destroy",
          "hash:ip",
          "hash:net",
          "hash:ip,port",
          "list:set",
          "family",
          "inet6",
          "timeout",
          "300",
          "nomatch",
          "10.0.0.1-10.0.0.9",
          "tcp:80",
          "ip",
          "iptables",
          "ipset",
          "conntrack",
          "-L",
          "-t",
          "route",
          "rule",
          "addr",
          "neigh",
          "link",
          "show",
          "replace",
          "via",
          "dev",
          "lo",
          "table",
          "all",
          "metric",
          "blackhole",
          "default",
          "proto",
          "bird",
          "scope",
          "fwmark",
          "0x7",
          "lookup",
          "100",
          "nexthop",
          "weight",
          "sysctl",
          "-w",
          "net.ipv4.ip_forward=1",
          "get",
          "ff::/8",
          "-6",
          "-j",
          "arp",
          "-n",
          "save",
          "list");

  @Provide
  Arbitrary<String> texts() {
    var soup = Arbitraries.of(WORDS).list().ofMaxSize(40).map(words -> String.join(" ", words));
    var noise = Arbitraries.strings().ofMaxLength(80);
    return Arbitraries.oneOf(soup, noise);
  }

  private static Kernel kernel() {
    return new Kernel("k", () -> Instant.EPOCH, new Random(1));
  }

  @Property
  void aRestoreIsWholeOrNothing(@ForAll("texts") String text) {
    var kernel = kernel();
    var before = kernel.iptablesSave(IpFamily.IPV4, (String) null);
    try {
      kernel.iptablesRestore(IpFamily.IPV4, text, true);
    } catch (RestoreException e) {
      assertThat(e.line()).isPositive();
      assertThat(rules(kernel)).isEqualTo(rules(before));
    }
  }

  private static List<String> rules(Kernel kernel) {
    return rules(kernel.iptablesSave(IpFamily.IPV4, (String) null));
  }

  /** A table that was touched may exist; it has no rules. */
  private static List<String> rules(String text) {
    return text.lines().filter(line -> line.startsWith("-A") || line.contains(" - ")).toList();
  }

  @Property
  void aSetRestoreIsWholeOrNothing(@ForAll("texts") String text) {
    var kernel = kernel();
    try {
      kernel.ipsetRestore(text);
    } catch (RestoreException e) {
      assertThat(e.line()).isPositive();
      assertThat(kernel.ipsetSave()).isEmpty();
    }
  }

  @Property
  void aRouteIsReadOrRefused(@ForAll("texts") String text) {
    try {
      assertThat(RouteParser.line(IpFamily.IPV4, text).toString()).isNotEmpty();
    } catch (RouteParser.BadRouteException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @Property
  void aCommandAnswersWhateverItIsTold(@ForAll("texts") String text) {
    var words = new ArrayList<>(List.of(text.split(" ", -1)));
    words.addFirst(WORDS.get(Math.floorMod(text.hashCode(), WORDS.size())));
    assertThat(Commands.run(kernel(), words).exit()).isBetween(0, 255);
  }

  @Property
  void toolsAnswerWhateverTheyAreTold(@ForAll("texts") String text) {
    for (var tool : List.of("ip route", "ip addr", "ip rule", "ip neigh", "ip link", "iptables")) {
      var words = new ArrayList<>(List.of((tool + " " + text).split(" ", -1)));
      assertThat(Commands.run(kernel(), words).exit()).isBetween(0, 255);
    }
    for (var tool : List.of("ipset", "conntrack", "sysctl", "route", "arp", "cat")) {
      var words = new ArrayList<>(List.of((tool + " " + text).split(" ", -1)));
      assertThat(Commands.run(kernel(), words).exit()).isBetween(0, 255);
    }
  }
}
