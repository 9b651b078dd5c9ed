package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.felix.calc.PolicyRule.ServiceAccounts;
import dev.aviary.felix.calc.PolicyRule.ServiceName;
import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PolicyCalculatorTest {
  private final List<WorkloadEndpoint> workloads = new ArrayList<>();
  private final List<HostEndpoint> hostEndpoints = new ArrayList<>();
  private final List<Policy> policies = new ArrayList<>();
  private final List<NetworkSet> networkSets = new ArrayList<>();
  private final List<ServiceEndpoints> services = new ArrayList<>();
  private final List<Profile> profiles =
      new ArrayList<>(
          List.of(
              Profile.ofNamespace("a", Map.of("env", "dev")),
              Profile.ofNamespace("b", Map.of("env", "prod")),
              Profile.ofServiceAccount("a", "default", Map.of("trusted", "yes")),
              Profile.ofServiceAccount("b", "default", Map.of())));

  private Intent intent() {
    var interfaces = new TreeMap<String, List<IpAddress>>();
    interfaces.put("eth0", List.of(IpAddress.of("192.168.0.1")));
    interfaces.put("eth1", List.of(IpAddress.of("172.16.0.1")));
    return new PolicyCalculator()
        .intent(
            new Inputs(
                "n1",
                List.of(),
                List.of(),
                List.of(),
                workloads,
                hostEndpoints,
                profiles,
                policies,
                networkSets,
                services,
                List.of()),
            new HostState(interfaces, new TreeSet<>(), List.of()));
  }

  private WorkloadEndpoint pod(String host, String namespace, String name, String... ips) {
    var pod =
        WorkloadEndpoint.ofPod(
            host,
            namespace,
            name,
            "default",
            List.of(ips).stream().map(IpAddress::of).toList(),
            Map.of("app", name),
            List.of(
                new NamedPort("http", Protocol.TCP, 8080),
                new NamedPort("dns", Protocol.UDP, 5353)));
    workloads.add(pod);
    return pod;
  }

  private void policy(String name, String namespace, OptionalDouble order, String selector) {
    policy(name, namespace, order, selector, true, true, List.of());
  }

  private void policy(
      String name,
      String namespace,
      OptionalDouble order,
      String selector,
      boolean ingress,
      boolean egress,
      List<PolicyRule> rules) {
    policies.add(
        new Policy(
            name,
            namespace,
            order,
            selector,
            Optional.empty(),
            "",
            ingress,
            egress,
            rules,
            List.of(),
            true,
            false,
            false));
  }

  /** The one rule of a policy of namespace "a", after its selectors were turned into sets. */
  private ActiveRule convert(Peer source, Peer destination, Optional<Protocol> protocol) {
    policies.clear();
    policy(
        "a/default.p",
        "a",
        OptionalDouble.empty(),
        "all()",
        true,
        false,
        List.of(PolicyRule.of(RuleAction.ALLOW, protocol, source, destination)));
    return intent().policies().getFirst().ingress().getFirst();
  }

  private static String selected(String selector) {
    return new RuleSet.Selected(Selector.of(selector)).id();
  }

  private IpSet set(String id, IpFamily family) {
    return intent().ipSets().stream()
        .filter(s -> s.id().equals(id) && s.family() == family)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void policiesApplyInOrderAndThenByName() {
    pod("n1", "a", "web", "10.0.0.1");
    policy("default.z", "", OptionalDouble.empty(), "all()");
    policy("default.y", "", OptionalDouble.of(10), "all()");
    policy("default.b", "", OptionalDouble.of(20), "all()");
    policy("default.a", "", OptionalDouble.of(20), "all()");
    assertThat(intent().workloads().getFirst().policies().ingress())
        .containsExactly("default.y", "default.a", "default.b", "default.z");
  }

  @Test
  void aPolicyGovernsTheDirectionsThatItNames() {
    pod("n1", "a", "web", "10.0.0.1");
    policy("default.in", "", OptionalDouble.of(1), "all()", true, false, List.of());
    policy("default.out", "", OptionalDouble.of(2), "all()", false, true, List.of());
    var policies = intent().workloads().getFirst().policies();
    assertThat(policies.ingress()).containsExactly("default.in");
    assertThat(policies.egress()).containsExactly("default.out");
  }

  @Test
  void aNamespacedPolicySelectsInItsNamespaceOnly() {
    pod("n1", "a", "web", "10.0.0.1");
    pod("n1", "b", "web", "10.0.0.2");
    policy("a/default.p", "a", OptionalDouble.empty(), "app == 'web' || app == 'x'");
    var byInterface =
        intent().workloads().stream()
            .filter(w -> !w.policies().isEmpty())
            .map(ActiveWorkload::interfaceName);
    assertThat(byInterface).containsExactly(CalicoNames.interfaceName("cali", "a", "web"));
  }

  @Test
  void policiesOfOtherHostsAreNotActive() {
    pod("n2", "a", "web", "10.0.0.1");
    policy("default.p", "", OptionalDouble.empty(), "all()");
    assertThat(intent().policies()).isEmpty();
    assertThat(intent().workloads()).isEmpty();
  }

  @Test
  void namespaceAndServiceAccountSelectorsLookAtInheritedLabels() {
    pod("n1", "a", "web", "10.0.0.1");
    pod("n1", "b", "web", "10.0.0.2");
    policies.add(
        new Policy(
            "default.p",
            "",
            OptionalDouble.empty(),
            "",
            Optional.of("env == 'dev'"),
            "trusted == 'yes'",
            true,
            true,
            List.of(),
            List.of(),
            false,
            false,
            false));
    assertThat(
            intent().workloads().stream()
                .filter(w -> !w.policies().isEmpty())
                .flatMap(w -> w.profiles().stream()))
        .containsExactly("kns.a", "ksa.a.default");
  }

  @Test
  void anUnknownProfileAllowsNothing() {
    pod("n1", "c", "web", "10.0.0.1");
    assertThat(intent().profiles())
        .extracting(ActivePolicy::name)
        .containsExactly("kns.c", "ksa.c.default");
    assertThat(intent().profiles().getFirst().ingress())
        .containsExactly(ActiveRule.any(RuleAction.DENY));
  }

  @Test
  void ofTwoEndpointsOfAnInterfaceTheLesserIsActive() {
    var first = pod("n1", "a", "web", "10.0.0.1");
    workloads.add(pod("n1", "b", "x", "10.0.0.2").withInterface(first.interfaceName()));
    assertThat(intent().workloads().getFirst().nets()).isEqualTo(first.nets());
  }

  @Test
  void selectorsBecomeSetsOfTheWholeCluster() {
    pod("n1", "a", "web", "10.0.0.1", "fd00::1");
    pod("n2", "a", "db", "10.0.0.2");
    pod("n2", "b", "db", "10.0.0.3");
    networkSets.add(
        new NetworkSet(
            "s",
            Map.of("app", "db", WorkloadEndpoint.NAMESPACE, "a"),
            List.of(),
            List.of(Prefix.of("0.0.0.0/0"), Prefix.of("10.9.0.0/16"))));
    var rule = convert(Peer.ofSelector("app == 'db'"), Peer.ANY, Optional.empty());
    var id = selected("(projectcalico.org/namespace == 'a') && (app == 'db')");
    assertThat(rule.source().sets()).containsExactly(id);
    assertThat(set(id, IpFamily.IPV4).members())
        .containsExactly("0.0.0.0/1", "10.0.0.2", "10.9.0.0/16", "128.0.0.0/1");
    assertThat(set(id, IpFamily.IPV6).members()).isEmpty();
    assertThat(set(id, IpFamily.IPV4).name()).hasSize(31).startsWith("cali40s:");
  }

  @Test
  void selectorsOfSeveralKindsAreJoined() {
    pod("n1", "a", "web", "10.0.0.1");
    var peer =
        new Peer(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "app == 'db'",
            "app == 'x'",
            Optional.of("env == 'prod'"),
            Optional.of(new ServiceAccounts(List.of("z", "y"), "trusted == 'yes'")),
            Optional.empty());
    var rule = convert(peer, Peer.ANY, Optional.empty());
    assertThat(rule.source().sets())
        .containsExactly(
            selected(
                "((pcns.env == 'prod') && (((pcsa.trusted == 'yes') &&"
                    + " (projectcalico.org/serviceaccount in {'y', 'z'})) && (app == 'db')))"
                    + " && (!(app == 'x'))"));
    assertThat(rule.source().notSets()).isEmpty();
  }

  @Test
  void allNamespacesAreThoseThatThereAre() {
    pod("n1", "a", "web", "10.0.0.1");
    var rule = convert(Peer.ANY.withNamespaceSelector("all()"), Peer.ANY, Optional.empty());
    assertThat(rule.source().sets()).containsExactly(selected("has(projectcalico.org/namespace)"));
  }

  @Test
  void aNegativeSelectorAloneStaysInTheNamespace() {
    pod("n1", "a", "web", "10.0.0.1");
    var peer =
        new Peer(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "",
            "app == 'x'",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(convert(peer, Peer.ANY, Optional.empty()).source().sets())
        .containsExactly(selected("(projectcalico.org/namespace == 'a') && (!(app == 'x'))"));
  }

  @Test
  void namedPortsBecomeSetsOfAddressesWithPorts() {
    pod("n1", "a", "web", "10.0.0.1", "fd00::1");
    pod("n2", "a", "db", "10.0.0.2");
    var named = Peer.ofSelector("app == 'web'").withPorts(List.of(new RulePort.Named("http")));
    var rule = convert(Peer.ANY, named, Optional.of(Protocol.TCP));
    assertThat(rule.destination().sets()).isEmpty();
    var id = rule.destination().portSets().getFirst();
    assertThat(set(id, IpFamily.IPV4).members()).containsExactly("10.0.0.1,tcp:8080");
    assertThat(set(id, IpFamily.IPV6).members()).containsExactly("fd00::1,tcp:8080");
    assertThat(set(id, IpFamily.IPV4).type()).isEqualTo(IpSet.Type.HASH_IP_PORT);
  }

  @Test
  void besideNumbersTheSelectorIsStillAsked() {
    pod("n1", "a", "web", "10.0.0.1");
    var both =
        Peer.ofSelector("app == 'web'")
            .withPorts(List.of(new RulePort.Named("dns"), RulePort.of(53)));
    var rule = convert(Peer.ANY, both, Optional.of(Protocol.UDP));
    assertThat(rule.destination().sets()).hasSize(1);
    assertThat(rule.destination().ports()).containsExactly(PortRange.of(53));
    assertThat(set(rule.destination().portSets().getFirst(), IpFamily.IPV4).members())
        .containsExactly("10.0.0.1,udp:5353");
  }

  @Test
  void servicesAreSetsWithPortsAsDestinationAndWithoutAsSource() {
    pod("n1", "a", "web", "10.0.0.1");
    services.add(
        new ServiceEndpoints(
            "a",
            "svc",
            List.of(
                new ServiceEndpoints.Endpoint(IpAddress.of("10.0.0.8"), Protocol.TCP, 80),
                new ServiceEndpoints.Endpoint(IpAddress.of("fd00::8"), Protocol.TCP, 80))));
    var peer =
        new Peer(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            "",
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.of(new ServiceName("a", "svc")));
    var rule = convert(peer, peer, Optional.empty());
    var with = rule.destination().serviceSets().getFirst();
    assertThat(with).isEqualTo(CalicoNames.uniqueId("svc", "a/svc"));
    assertThat(set(with, IpFamily.IPV4).members()).containsExactly("10.0.0.8,tcp:80");
    var without = rule.source().sets().getFirst();
    assertThat(without).isEqualTo(CalicoNames.uniqueId("svcnoport", "a/svc"));
    assertThat(set(without, IpFamily.IPV6).members()).containsExactly("fd00::8");
  }

  private void host(String name, String interfaceName, String... expected) {
    hostEndpoints.add(
        new HostEndpoint(
            "n1",
            name,
            interfaceName,
            List.of(expected).stream().map(IpAddress::of).toList(),
            Map.of("role", "host"),
            List.of(),
            List.of()));
  }

  @Test
  void hostEndpointsAreFoundByNameOrByAddress() {
    host("by-name", "eth1");
    host("by-address", "", "192.168.0.1");
    host("elsewhere", "eth7");
    host("all", "*");
    assertThat(intent().hostEndpoints())
        .extracting(ActiveHostEndpoint::interfaceName)
        .containsExactly(CalicoNames.ALL_INTERFACES, "eth0", "eth1");
  }

  @Test
  void ofSeveralHostEndpointsTheLeastNameGoverns() {
    host("b", "eth0");
    hostEndpoints.add(
        new HostEndpoint(
            "n1", "a", "eth0", List.of(), Map.of("x", "y"), List.of("prof"), List.of()));
    assertThat(intent().hostEndpoints().getFirst().profiles()).containsExactly("prof");
  }

  @Test
  void hostPoliciesAreSortedByWhenTheyApply() {
    host("h", "eth0");
    for (var kind : List.of("normal", "forward", "prednat", "untracked")) {
      policies.add(
          new Policy(
              "default." + kind,
              "",
              OptionalDouble.empty(),
              "role == 'host'",
              Optional.empty(),
              "",
              true,
              true,
              List.of(),
              List.of(),
              !kind.equals("normal"),
              kind.equals("prednat"),
              kind.equals("untracked")));
    }
    var host = intent().hostEndpoints().getFirst();
    assertThat(host.normal().ingress()).containsExactly("default.forward", "default.normal");
    assertThat(host.forward().egress()).containsExactly("default.forward");
    assertThat(host.preDnat()).isEqualTo(new PolicyNames(List.of("default.prednat"), List.of()));
    assertThat(host.untracked().egress()).containsExactly("default.untracked");
  }
}
