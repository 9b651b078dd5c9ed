package dev.aviary.felix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.felix.calc.NamedPort;
import dev.aviary.felix.calc.NetworkSet;
import dev.aviary.felix.calc.Policy;
import dev.aviary.felix.calc.PolicyRule;
import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.felix.calc.Pool;
import dev.aviary.felix.calc.Profile;
import dev.aviary.felix.calc.Protocol;
import dev.aviary.felix.calc.RuleAction;
import dev.aviary.felix.calc.WorkloadEndpoint;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However a cluster came to be what it is, the kernel is that of a host where it began so. */
class FelixPropertyTest {
  private static final int PODS = 8;

  /** The pods that there are, local ones even; the policies; how pods are labelled. */
  record Moment(Set<Integer> pods, Set<Integer> policies, int labels, boolean netSet) {}

  @Provide
  Arbitrary<List<Moment>> histories() {
    return Combinators.combine(
            Arbitraries.integers().between(0, PODS - 1).set().ofMaxSize(PODS),
            Arbitraries.integers().between(0, 3).set().ofMaxSize(4),
            Arbitraries.integers().between(0, 2),
            Arbitraries.of(true, false))
        .as(Moment::new)
        .list()
        .ofMinSize(2)
        .ofMaxSize(6);
  }

  private static String interfaceName(int pod) {
    return pod(pod, 0).interfaceName();
  }

  private static WorkloadEndpoint pod(int index, int labels) {
    return WorkloadEndpoint.ofPod(
        index % 2 == 0 ? "n1" : "n2",
        index % 3 == 0 ? "a" : "b",
        "pod" + index,
        "default",
        List.of(Ipv4Address.of("10.244.0." + (index + 1))),
        Map.of("app", "v" + (index + labels) % 3),
        List.of(new NamedPort("http", Protocol.TCP, 8080 + labels)));
  }

  private static Policy policy(int index) {
    var peer =
        switch (index) {
          case 0 -> Peer.ofSelector("app == 'v0'");
          case 1 -> Peer.ofSelector("app in {'v1', 'v2'}").withNamespaceSelector("all()");
          case 2 ->
              Peer.ofNets(List.of(Prefix.of("10.0.0.0/8"), Prefix.of("192.0.2.0/24")), List.of());
          default -> Peer.ofSelector("has(net)");
        };
    var ports = Peer.ANY.withPorts(List.of(new RulePort.Named("http"), RulePort.of(443)));
    return Policy.global(
        "p" + index,
        "app == 'v" + index % 3 + "'",
        List.of(PolicyRule.of(RuleAction.ALLOW, Optional.of(Protocol.TCP), peer, ports)),
        List.of(PolicyRule.any(RuleAction.ALLOW)));
  }

  private static Inputs inputs(Moment moment, List<WorkloadEndpoint> shared) {
    var workloads = new ArrayList<WorkloadEndpoint>();
    moment.pods().stream().sorted().forEach(i -> workloads.add(shared.get(i)));
    return new Inputs(
        "n1",
        List.of(),
        List.of(Pool.of(Prefix.of("10.244.0.0/16"), true)),
        List.of(),
        workloads,
        List.of(),
        List.of(
            Profile.ofNamespace("a", Map.of()),
            Profile.ofNamespace("b", Map.of("net", "yes")),
            Profile.ofServiceAccount("a", "default", Map.of())),
        moment.policies().stream().sorted().map(FelixPropertyTest::policy).toList(),
        moment.netSet()
            ? List.of(
                new NetworkSet(
                    "s", Map.of("net", "x"), List.of(), List.of(Prefix.of("192.0.2.0/24"))))
            : List.of(),
        List.of(),
        List.of());
  }

  private static List<WorkloadEndpoint> pods(int labels) {
    var pods = new ArrayList<WorkloadEndpoint>();
    for (int i = 0; i < PODS; i++) {
      pods.add(pod(i, labels));
    }
    return pods;
  }

  private static Kernel kernel() {
    var clock = InstantSource.fixed(Instant.EPOCH);
    var kernel = new Kernel("n1", clock, RandomGenerator.of("L64X128MixRandom"));
    for (int i = 0; i < PODS; i += 2) {
      var inside = new Kernel("pod", clock, RandomGenerator.of("L64X128MixRandom"));
      kernel
          .links()
          .addVeth(
              interfaceName(i),
              MacAddress.of("ee:ee:ee:ee:ee:ee"),
              1500,
              inside,
              "eth0",
              MacAddress.of("0a:00:00:00:00:01"));
      kernel.links().up(interfaceName(i));
    }
    return kernel;
  }

  private static List<String> state(Kernel kernel) {
    var lines = new ArrayList<String>();
    kernel
        .iptablesSave(IpFamily.IPV4, null)
        .lines()
        .filter(l -> !l.startsWith("#"))
        .forEach(lines::add);
    kernel
        .ipsetSave()
        .lines()
        .map(l -> l.replaceAll(" initval .*", ""))
        .sorted()
        .forEach(lines::add);
    return lines;
  }

  @Property(tries = 60)
  void historyLeavesNoTrace(@ForAll("histories") List<Moment> history) {
    var config = FelixConfig.of(Map.of("ipv6Support", "false", "removeExternalRoutes", "true"));
    var byLabels = List.of(pods(0), pods(1), pods(2));
    var lived = kernel();
    var felix = new Felix(config, lived);
    for (var moment : history) {
      felix.apply(inputs(moment, byLabels.get(moment.labels())));
    }
    var fresh = kernel();
    var last = history.getLast();
    new Felix(config, fresh).apply(inputs(last, pods(last.labels())));
    assertThat(state(lived)).isEqualTo(state(fresh));
    long version = lived.netfilter(IpFamily.IPV4).version();
    new Felix(config, lived).apply(inputs(last, pods(last.labels())));
    assertThat(lived.netfilter(IpFamily.IPV4).version()).isEqualTo(version);
  }
}
