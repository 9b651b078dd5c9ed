package dev.aviary.it.bench;

import dev.aviary.ipam.AssignRequest;
import dev.aviary.ipam.InMemoryIpamStore;
import dev.aviary.ipam.IpPool;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamInputs;
import dev.aviary.net.Prefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Addresses for pods of 1,000 hosts, in memory. What an operation leaves behind dies at once: with
 * a young generation that fits the processor's caches it does not push the blocks out of them.
 */
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmn16m"})
public class IpamBenchmark {
  private static final int HOSTS = 1000;
  private static final int PODS = 100_000;

  /** Hosts with a label each, and one pool that is large enough. */
  private static final class Inputs implements IpamInputs {
    private final Map<String, Map<String, String>> nodes = new HashMap<>();
    private final List<IpPool> pools = List.of(IpPool.of(Prefix.of("10.0.0.0/12")));

    Inputs() {
      for (int i = 0; i < HOSTS; i++) {
        nodes.put(host(i), Map.of("kubernetes.io/hostname", host(i)));
      }
    }

    @Override
    public List<IpPool> pools() {
      return pools;
    }

    @Override
    public List<Prefix> reservations() {
      return List.of();
    }

    @Override
    public Optional<Map<String, String>> nodeLabels(String host) {
      return Optional.ofNullable(nodes.get(host));
    }

    @Override
    public boolean matches(String selector, Map<String, String> labels) {
      return true;
    }
  }

  private static String host(long number) {
    return "host" + number % HOSTS;
  }

  private static AssignRequest pod(long number, String handle) {
    var host = host(number * 7919);
    return AssignRequest.workload(
        host, handle, Map.of("node", host, "namespace", "default", "pod", handle));
  }

  private static Ipam empty() {
    return new Ipam(new InMemoryIpamStore(), new Inputs(), () -> 1);
  }

  /** A cluster where so many addresses are in use already. */
  @State(Scope.Thread)
  public static class Running {
    @Param({"1000", "10000", "100000"})
    int used;

    private Ipam ipam = empty();
    private long next;

    @Setup
    public void fill() {
      ipam = empty();
      for (int i = 0; i < used; i++) {
        ipam.autoAssign(pod(i, "k8s-pod-network.base" + i));
      }
    }
  }

  /** One address for a pod, and the same one given back. */
  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @Warmup(iterations = 12, time = 1)
  @Measurement(iterations = 5, time = 1)
  public void assignAndRelease(Running cluster) throws IpamException {
    long number = cluster.next++;
    var handle = "k8s-pod-network." + number;
    cluster.ipam.autoAssign(pod(number, handle));
    cluster.ipam.releaseByHandle(handle);
  }

  /** Nothing yet. */
  @State(Scope.Thread)
  public static class Fresh {
    private Ipam ipam = empty();

    @Setup(Level.Invocation)
    public void clear() {
      ipam = empty();
    }
  }

  /** 100,000 pods on 1,000 nodes, from nothing. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 0)
  @Measurement(iterations = 3)
  public Ipam podsFromNothing(Fresh cluster) {
    for (int i = 0; i < PODS; i++) {
      cluster.ipam.autoAssign(pod(i, "k8s-pod-network." + i));
    }
    return cluster.ipam;
  }
}
