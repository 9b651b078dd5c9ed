package dev.aviary.it.bench;

import dev.aviary.felix.Felix;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Host;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.felix.calc.Policy;
import dev.aviary.felix.calc.PolicyRule;
import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.felix.calc.Pool;
import dev.aviary.felix.calc.Profile;
import dev.aviary.felix.calc.Protocol;
import dev.aviary.felix.calc.RuleAction;
import dev.aviary.felix.calc.WorkloadEndpoint;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Felix on a node with 100 of 1,000 pods and 50 policies follows a change of one endpoint. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PolicyBenchmark {
  private static final int PODS = 1000;
  private static final int LOCAL_PODS = 100;
  private static final int POLICIES = 50;

  private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
  private final Kernel kernel = kernel("node1");
  private final Felix felix =
      new Felix(FelixConfig.of(Map.of("defaultEndpointToHostAction", "Accept")), kernel);
  private final Inputs before = inputs();
  private final Inputs localChanged = firstChanged(before);
  private final Inputs remoteGone = with(before, before.workloads().subList(0, PODS - 1));
  private boolean changed;

  private Kernel kernel(String name) {
    return new Kernel(name, clock, RandomGenerator.of("L64X128MixRandom"));
  }

  private static WorkloadEndpoint pod(int number, String label) {
    return WorkloadEndpoint.ofPod(
        number < LOCAL_PODS ? "node1" : "node2",
        "ns",
        "pod-" + number,
        "default",
        List.of(Ipv4Address.of("10.244." + (number >> 8) + "." + (number & 255))),
        Map.of("app", "app-" + number % POLICIES, "of", label),
        List.of());
  }

  private static Inputs inputs() {
    var pods = new ArrayList<WorkloadEndpoint>();
    for (int i = 0; i < PODS; i++) {
      pods.add(pod(i, "all"));
    }
    var policies = new ArrayList<Policy>();
    for (int i = 0; i < POLICIES; i++) {
      policies.add(
          Policy.global(
              "policy-" + i,
              "app == 'app-" + i + "' && of != 'another'",
              List.of(
                  PolicyRule.of(
                      RuleAction.ALLOW,
                      Optional.of(Protocol.TCP),
                      Peer.ofSelector("app == 'app-" + (i + 1) % POLICIES + "'"),
                      Peer.ANY.withPorts(List.of(RulePort.of(80))))),
              List.of(PolicyRule.any(RuleAction.ALLOW))));
    }
    return new Inputs(
        "node1",
        List.of(
            Host.of("node1", Ipv4Address.of("192.168.0.1")),
            Host.of("node2", Ipv4Address.of("192.168.0.2"))),
        List.of(Pool.of(Prefix.of("10.244.0.0/16"), true)),
        List.of(),
        pods,
        List.of(),
        List.of(
            Profile.ofNamespace("ns", Map.of()),
            Profile.ofServiceAccount("ns", "default", Map.of())),
        policies,
        List.of(),
        List.of(),
        List.of());
  }

  private static Inputs firstChanged(Inputs all) {
    var pods = new ArrayList<>(all.workloads());
    pods.set(0, pod(0, "another"));
    return with(all, pods);
  }

  private static Inputs with(Inputs all, List<WorkloadEndpoint> pods) {
    return new Inputs(
        all.hostname(),
        all.hosts(),
        all.pools(),
        all.blocks(),
        pods,
        all.hostEndpoints(),
        all.profiles(),
        all.policies(),
        all.networkSets(),
        all.services(),
        all.serviceCidrs());
  }

  @Setup
  public void program() {
    kernel.links().addBridge("eth0", MacAddress.of("02:00:00:00:00:01"));
    kernel.links().up("eth0");
    kernel
        .links()
        .addAddress("eth0", InterfaceAddress.of(Ipv4Address.of("192.168.0.1"), 24, "eth0"));
    for (var pod : before.workloads().subList(0, LOCAL_PODS)) {
      var peer = kernel(pod.interfaceName());
      kernel
          .links()
          .addVeth(
              pod.interfaceName(),
              MacAddress.of("ee:ee:ee:ee:ee:ee"),
              1500,
              peer,
              "eth0",
              MacAddress.of("0a:00:00:00:00:01"));
      kernel.links().up(pod.interfaceName());
      peer.links().up("eth0");
    }
    felix.apply(before);
  }

  /** A pod of this node gets another label, and with it other policies. */
  @Benchmark
  public boolean localEndpoint() {
    changed = !changed;
    felix.apply(changed ? localChanged : before);
    return changed;
  }

  /** A pod of another node comes or goes: a member of a set. */
  @Benchmark
  public boolean remoteEndpoint() {
    changed = !changed;
    felix.apply(changed ? remoteGone : before);
    return changed;
  }
}
