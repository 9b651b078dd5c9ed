package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.Golden;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each option of Felix's, by the chains that it changes. */
class RenderingTest {
  private static final PolicyNames NONE = PolicyNames.NONE;

  private static Intent intent(List<ActiveHostEndpoint> hosts) {
    var vtep = Optional.of(new Host.Vtep(Ipv4Address.of("10.244.0.1"), "66:00:00:00:00:01"));
    return new Intent(
        "n1",
        List.of(
            new Host(
                "n1",
                Optional.of(Ipv4Address.of("192.168.0.1")),
                Optional.empty(),
                Optional.of(Ipv4Address.of("10.244.0.1")),
                vtep,
                Optional.of(Ipv4Address.of("10.244.0.2"))),
            new Host(
                "n2",
                Optional.of(Ipv4Address.of("192.168.0.2")),
                Optional.empty(),
                Optional.of(Ipv4Address.of("10.244.1.1")),
                Optional.of(new Host.Vtep(Ipv4Address.of("10.244.1.1"), "66:00:00:00:00:02")),
                Optional.empty())),
        List.of(
            new Pool(Prefix.of("10.244.0.0/16"), true, Pool.Mode.NEVER, Pool.Mode.CROSS_SUBNET),
            Pool.of(Prefix.of("fd00:10::/48"), true)),
        List.of(
            new Block(Prefix.of("10.244.0.0/26"), "n1"),
            new Block(Prefix.of("10.244.1.0/26"), "n2")),
        List.of(
            workload("cali1234", "10.244.0.5"),
            workload("cali2333", "10.244.0.6"),
            workload("cali2444", "10.244.0.7")),
        hosts,
        List.of(
            new ActivePolicy(
                "default.p",
                List.of(ActiveRule.any(RuleAction.LOG), ActiveRule.any(RuleAction.ALLOW)),
                List.of(ActiveRule.any(RuleAction.PASS)))),
        List.of(new ActivePolicy("kns.a", List.of(), List.of())),
        List.of(),
        List.of(Prefix.of("10.96.0.0/12"), Prefix.of("fd00:96::/108")));
  }

  private static ActiveWorkload workload(String name, String ip) {
    return new ActiveWorkload(
        name,
        true,
        List.of(IpAddress.of(ip).toPrefix()),
        List.of(new FloatingIp(Ipv4Address.of("172.16.1." + ip.substring(9)), IpAddress.of(ip))),
        NONE,
        List.of("kns.a"));
  }

  private static Map<String, String> chains(FelixConfig config, IpFamily family, Intent intent) {
    var chains = new TreeMap<String, String>();
    for (var table : DesiredState.of(config, family, intent, HostState.unknown()).tables()) {
      IptablesText.of(table)
          .forEach(
              (name, lines) ->
                  chains.put(table.table().label() + " " + name, String.join("\n", lines) + "\n"));
    }
    return chains;
  }

  private static void check(String golden, Map<String, String> before, Map<String, String> after) {
    var text = new StringBuilder();
    after.forEach(
        (name, lines) -> {
          if (!lines.equals(before.get(name))) {
            text.append("# ").append(name).append('\n').append(lines);
          }
        });
    before.keySet().stream()
        .filter(name -> !after.containsKey(name))
        .forEach(name -> text.append("# no ").append(name).append('\n'));
    Golden.check("felix/" + golden + ".txt", text.toString());
  }

  @Test
  void theDefaults() {
    check("defaults", Map.of(), chains(FelixConfig.defaults(), IpFamily.IPV4, intent(List.of())));
  }

  @Test
  void underIpv6() {
    var config = FelixConfig.of(Map.of("ipipEnabled", "true", "vxlanEnabled", "true"));
    check(
        "ipv6",
        chains(FelixConfig.defaults(), IpFamily.IPV4, intent(List.of())),
        chains(config, IpFamily.IPV6, intent(List.of())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ipipEnabled=true",
        "vxlanEnabled=true",
        "kubeIPVSSupport=true",
        "wireguardEnabled=true wireguardHostEncryptionEnabled=true",
        "natPortRange=32768:65535",
        "natOutgoingAddress=192.168.0.9",
        "iptablesNATOutgoingInterfaceFilter=eth0",
        "featureDetectOverride=MASQFullyRandom=false,SNATFullyRandom=false",
        "iptablesFilterAllowAction=Return",
        "iptablesMangleAllowAction=Return",
        "interfacePrefix=cali,tap",
        "serviceLoopPrevention=Reject",
        "serviceLoopPrevention=Disabled",
        "disableConntrackInvalidCheck=true",
        "allowVXLANPacketsFromWorkloads=true allowIPIPPacketsFromWorkloads=true",
        "iptablesMarkMask=0xff000000",
        "logPrefix=hello"
      })
  void options(String options) {
    var settings = new TreeMap<String, String>();
    for (var option : options.split(" ", -1)) {
      int equals = option.indexOf('=');
      settings.put(option.substring(0, equals), option.substring(equals + 1));
    }
    var hosts = List.of(host("eth0", NONE, NONE));
    check(
        "option-" + options.replaceAll("[^a-zA-Z0-9]+", "-"),
        chains(FelixConfig.defaults(), IpFamily.IPV4, intent(hosts)),
        chains(FelixConfig.of(settings), IpFamily.IPV4, intent(hosts)));
  }

  private static ActiveHostEndpoint host(String name, PolicyNames preDnat, PolicyNames untracked) {
    var both = new PolicyNames(List.of("default.p"), List.of("default.p"));
    return new ActiveHostEndpoint(name, both, NONE, preDnat, untracked, List.of("kns.a"));
  }

  @Test
  void hostEndpoints() {
    var ingress = new PolicyNames(List.of("default.p"), List.of());
    check(
        "host-endpoints",
        chains(FelixConfig.defaults(), IpFamily.IPV4, intent(List.of())),
        chains(
            FelixConfig.defaults(),
            IpFamily.IPV4,
            intent(
                List.of(
                    host("eth0", ingress, NONE),
                    host("eth1", NONE, ingress),
                    host(CalicoNames.ALL_INTERFACES, ingress, NONE)))));
  }

  /** The hashes of a kubeadm cluster's dump of 2022, of the same release line. */
  @Test
  void ipipRulesHaveTheHashesThatWereSeen() {
    var config = FelixConfig.of(Map.of("ipipEnabled", "true"));
    var filter =
        DesiredState.of(config, IpFamily.IPV4, intent(List.of()), HostState.unknown())
            .table(IptablesTable.FILTER);
    var input = filter.chains().getOrDefault("cali-INPUT", Chain.of("none"));
    assertThat(input.hashes().getFirst()).isEqualTo("PajejrV4aFdkZojI");
    assertThat(input.hashes().getLast()).isEqualTo("q-Vz2ZT9iGE331LL");
    var output = filter.chains().getOrDefault("cali-OUTPUT", Chain.of("none"));
    assertThat(output.hashes().getLast()).isEqualTo("OgU2f8BVEAZ_fwkq");
  }

  @Test
  void vxlanRoutesGoDirectlyWhereTheyCan() {
    var config = FelixConfig.of(Map.of("vxlanEnabled", "true"));
    var near =
        new HostState(new TreeMap<>(), new TreeSet<>(), List.of(Prefix.of("192.168.0.0/24")));
    assertThat(
            DesiredState.of(config, IpFamily.IPV4, intent(List.of()), near).routes().stream()
                .filter(r -> !(r instanceof Route.ToWorkload)))
        .containsExactly(
            new Route.Blackhole(Prefix.of("10.244.0.0/26"), 80),
            new Route.ToHost(Prefix.of("10.244.1.0/26"), Ipv4Address.of("192.168.0.2"), 80));
    assertThat(
            DesiredState.of(config, IpFamily.IPV4, intent(List.of()), HostState.unknown()).routes())
        .contains(
            new Route.ThroughVxlan(Prefix.of("10.244.1.0/26"), Ipv4Address.of("10.244.1.1"), 3));
  }

  @Test
  void tunnelsHaveSetsOfTheirEnds() {
    var config = FelixConfig.of(Map.of("ipipEnabled", "true", "vxlanEnabled", "true"));
    var state = DesiredState.of(config, IpFamily.IPV4, intent(List.of()), HostState.unknown());
    assertThat(state.ipSet("all-hosts-net").orElseThrow().members())
        .containsExactly("192.168.0.1", "192.168.0.2");
    assertThat(state.ipSet("all-vxlan-net").orElseThrow().members()).containsExactly("192.168.0.2");
  }
}
