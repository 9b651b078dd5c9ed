package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.KubeControllersConfigurationResource;
import dev.aviary.emulator.resource.KubeControllersConfigurationResource.NodeController;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.ipam.GarbageCollector;
import dev.aviary.ipam.IpamException;
import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What calico-kube-controllers does in a cluster: its node controller gives back what nodes that
 * are gone, and pods that nobody knows, have left in IPAM. All calls come on the cluster's loop.
 */
final class KubeControllers {
  /** How long an address must be nobody's, where there is no KubeControllersConfiguration. */
  private static final Duration LEAK_GRACE_PERIOD = Duration.ofMinutes(15);

  /** How often it looks where an address is never given back. */
  private static final Duration WITHOUT_GRACE_PERIOD = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(KubeControllers.class);
  private final Addressing addressing;
  private final Supplier<Resources> resources;
  private final NodesAndPods view;
  private final InstantSource clock;
  private @Nullable Duration gracePeriod;
  private @Nullable GarbageCollector collector;

  KubeControllers(
      Addressing addressing,
      ClusterOptions options,
      Supplier<Resources> resources,
      Supplier<List<Workload>> workloads,
      InstantSource clock) {
    this.addressing = addressing;
    this.resources = resources;
    this.view = new NodesAndPods(options, resources, workloads);
    this.clock = clock;
  }

  /**
   * How long an address must be nobody's; zero for ever, which is what a node controller without a
   * grace period takes it for; empty where the node controller does not run.
   */
  private static Optional<Duration> gracePeriod(Resources resources) {
    return resources
        .find(KubeControllersConfigurationResource.class, "", "default")
        .map(KubeControllersConfigurationResource::node)
        .orElseGet(() -> Optional.of(new NodeController(Optional.of(LEAK_GRACE_PERIOD))))
        .map(node -> node.leakGracePeriod().orElse(Duration.ZERO));
  }

  /** Another configuration makes them start anew, and forget whom they suspect. */
  private @Nullable GarbageCollector collector() {
    var wanted = gracePeriod(resources.get()).orElse(null);
    if (!Objects.equals(wanted, gracePeriod)) {
      gracePeriod = wanted;
      collector =
          wanted == null
              ? null
              : new GarbageCollector(addressing.ipam(), view, addressing.variant(), wanted);
    }
    return collector;
  }

  /** What they see of the cluster. */
  private record NodesAndPods(
      ClusterOptions options, Supplier<Resources> resources, Supplier<List<Workload>> workloads)
      implements GarbageCollector.View {
    @Override
    public boolean nodeExists(String node) {
      // What another process runs is not this one's to clean up.
      return options.isElsewhere(node)
          || NodeFacts.of(resources.get()).stream().anyMatch(facts -> facts.name().equals(node));
    }

    @Override
    public Optional<Pod> pod(String namespace, String name) {
      var id = namespace + "/" + name;
      return resources
          .get()
          .find(PodResource.class, namespace, name)
          .map(pod -> new Pod(pod.node().isEmpty() ? null : pod.node(), addresses(id)));
    }

    private List<IpAddress> addresses(String pod) {
      return workloads.get().stream()
          .filter(workload -> workload.pod().metadata().id().equals(pod))
          .findFirst()
          .map(Workload::addresses)
          .orElse(List.of());
    }
  }

  /** How often they look although nothing has changed. */
  Duration period() {
    return gracePeriod(resources.get())
        .filter(Duration::isPositive)
        .map(period -> period.dividedBy(2))
        .orElse(WITHOUT_GRACE_PERIOD);
  }

  /**
   * Looks, and releases what may go.
   *
   * @return true if anything went
   */
  boolean look() {
    var collector = collector();
    if (collector == null) {
      return false;
    }
    try {
      var collected = collector.run(clock.instant());
      if (!collected.handles().isEmpty() || !collected.blocks().isEmpty()) {
        log.debug("released {} and blocks {}", collected.handles(), collected.blocks());
      }
      return !(collected.handles().isEmpty()
          && collected.blocks().isEmpty()
          && collected.nodes().isEmpty());
    } catch (IpamException e) {
      log.warn("IPAM is not cleaned up: {}", e.getMessage());
      return false;
    }
  }
}
