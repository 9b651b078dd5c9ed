package dev.aviary.it.bench;

import dev.aviary.kernel.Kernel;
import dev.aviary.kubeproxy.KubeProxy;
import dev.aviary.kubeproxy.ServiceInputs;
import java.time.Instant;
import java.time.InstantSource;
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

/** kube-proxy programs a thousand services with ten endpoints each, or one endpoint's change. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
public class ServicesBenchmark {
  private final ServiceInputs all = ManyServices.inputs(false);
  private final ServiceInputs oneLess = ManyServices.inputs(true);
  private final KubeProxy kubeProxy = new KubeProxy(ManyServices.config(), kernel());
  private boolean less;

  private static Kernel kernel() {
    return new Kernel(
        "node1", InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
  }

  @Setup
  public void program() {
    kubeProxy.apply(all);
  }

  /** From an empty kernel and a cold JVM on. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(3)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public Kernel fromNothing() {
    var kernel = kernel();
    new KubeProxy(ManyServices.config(), kernel).apply(all);
    return kernel;
  }

  /** An endpoint comes or goes. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 3, time = 2)
  @Measurement(iterations = 5, time = 2)
  public boolean oneEndpoint() {
    less = !less;
    kubeProxy.apply(less ? oneLess : all);
    return less;
  }
}
