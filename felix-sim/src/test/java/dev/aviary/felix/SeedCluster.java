package dev.aviary.felix;

import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Host;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.felix.calc.NetworkSet;
import dev.aviary.felix.calc.Policy;
import dev.aviary.felix.calc.PolicyRule;
import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.felix.calc.Pool;
import dev.aviary.felix.calc.PortRange;
import dev.aviary.felix.calc.Profile;
import dev.aviary.felix.calc.Protocol;
import dev.aviary.felix.calc.RuleAction;
import dev.aviary.felix.calc.WorkloadEndpoint;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The two-node cluster of {@code kernel-golden/seed}, as its nodes' Felix knows it. */
public final class SeedCluster {
  private SeedCluster() {}

  public static FelixConfig config() {
    return FelixConfig.of(Map.of("defaultEndpointToHostAction", "Accept", "ipv6Support", "false"));
  }

  public static Inputs inputs(String node) {
    return new Inputs(
        node,
        List.of(
            Host.of("master", Ipv4Address.of("192.168.43.152")),
            Host.of("node1", Ipv4Address.of("192.168.43.153"))),
        List.of(Pool.of(Prefix.of("10.244.0.0/16"), true)),
        List.of(),
        List.of(
            pod("master", "test", "pod1", "10.244.219.75"),
            pod("master", "test", "pod4", "10.244.219.76"),
            pod("node1", "test", "pod2", "10.244.166.159").withInterface("cali779e50eea23"),
            pod("node1", "test", "pod3", "10.244.166.160"),
            pod("node1", "prod", "pod5", "10.244.166.161"),
            pod("node1", "prod", "pod6", "10.244.166.162")),
        List.of(),
        List.of(
            Profile.ofNamespace("test", Map.of()),
            Profile.ofNamespace("prod", Map.of()),
            Profile.ofServiceAccount("test", "default", Map.of()),
            Profile.ofServiceAccount("prod", "default", Map.of())),
        List.of(blocks(), lockdown(), allowWeb()),
        List.<NetworkSet>of(),
        List.of(),
        List.of());
  }

  private static WorkloadEndpoint pod(String node, String namespace, String name, String ip) {
    return WorkloadEndpoint.ofPod(
        node,
        namespace,
        name,
        "default",
        List.of(Ipv4Address.of(ip)),
        name.equals("pod1") || name.equals("pod2")
            ? Map.of("app", name, "role", "web-client")
            : Map.of("app", name),
        List.of());
  }

  private static List<RulePort> ports(IntStream ports) {
    return ports.mapToObj(RulePort::of).toList();
  }

  private static Peer nets(String... nets) {
    return Peer.ofNets(Stream.of(nets).map(Prefix::of).toList(), List.of());
  }

  private static PolicyRule tcp(RuleAction action, Peer source, Peer destination) {
    return PolicyRule.of(action, Optional.of(Protocol.TCP), source, destination);
  }

  /** Rules of every kind of block, over what pod6 gets. */
  private static Policy blocks() {
    var manyPorts =
        Stream.concat(
                ports(IntStream.rangeClosed(1, 14)).stream(),
                Stream.of(new RulePort.Numbered(new PortRange(80, 90))))
            .toList();
    return Policy.global(
        "blocks",
        "app == 'pod6'",
        List.of(
            tcp(
                RuleAction.DENY,
                nets("10.244.219.76/32"),
                Peer.ANY.withPorts(List.of(RulePort.of(80)))),
            PolicyRule.of(RuleAction.PASS, Optional.of(Protocol.UDP), Peer.ANY, Peer.ANY),
            tcp(
                RuleAction.ALLOW,
                Peer.ofNets(
                    List.of(Prefix.of("10.244.0.0/16"), Prefix.of("192.168.43.0/24")),
                    List.of(Prefix.of("10.244.166.160/32"))),
                Peer.ANY.withPorts(manyPorts))),
        List.of(PolicyRule.any(RuleAction.ALLOW)));
  }

  /** What pod5 may reach: a name server, and web servers outside the block. */
  private static Policy lockdown() {
    return new Policy(
        "prod/knp.default.lockdown",
        "prod",
        OptionalDouble.of(1000),
        "projectcalico.org/orchestrator == 'k8s' && app == 'pod5'",
        Optional.empty(),
        "",
        false,
        true,
        List.of(),
        List.of(
            PolicyRule.of(
                RuleAction.ALLOW,
                Optional.of(Protocol.UDP),
                Peer.ANY,
                Peer.ANY.withPorts(List.of(RulePort.of(5353)))),
            tcp(
                RuleAction.ALLOW,
                Peer.ANY,
                Peer.ofNets(
                        List.of(Prefix.of("0.0.0.0/0")), List.of(Prefix.of("10.244.166.128/26")))
                    .withPorts(List.of(RulePort.of(80))))),
        true,
        false,
        false);
  }

  /** Who may come to pod4: web clients, and pings. */
  private static Policy allowWeb() {
    return new Policy(
        "test/knp.default.allow-web",
        "test",
        OptionalDouble.of(1000),
        "projectcalico.org/orchestrator == 'k8s' && app == 'pod4'",
        Optional.empty(),
        "",
        true,
        false,
        List.of(
            tcp(
                RuleAction.ALLOW,
                Peer.ofSelector("projectcalico.org/orchestrator == 'k8s' && role == 'web-client'"),
                Peer.ANY.withPorts(List.of(RulePort.of(80)))),
            PolicyRule.of(RuleAction.ALLOW, Optional.of(Protocol.ICMP), Peer.ANY, Peer.ANY)),
        List.of(),
        true,
        false,
        false);
  }
}
