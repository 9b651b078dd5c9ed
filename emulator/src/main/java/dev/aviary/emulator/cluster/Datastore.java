package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoVersion;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.ipam.InMemoryIpamStore;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.etcd.EtcdClient;
import dev.aviary.ipam.etcd.EtcdEndpoints;
import dev.aviary.ipam.etcd.EtcdIpamStore;
import dev.aviary.ipam.etcd.EtcdResources;
import dev.aviary.ipam.etcd.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a cluster's blocks, affinities, handles and pods are settled: in memory, or in an etcd that
 * several processes share, each of which runs some of the nodes.
 */
final class Datastore implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(Datastore.class);

  private final IpamStore store;
  private final IpamVariant variant;
  private final @Nullable EtcdClient etcd;
  private final @Nullable EtcdEndpoints endpoints;
  private final @Nullable EtcdResources resources;
  private volatile DatastoreState state;
  private final List<IpamStore.Watch> watches = new CopyOnWriteArrayList<>();

  private Datastore(
      IpamStore store, IpamVariant variant, @Nullable EtcdClient etcd, DatastoreState state) {
    this.store = store;
    this.variant = variant;
    this.etcd = etcd;
    this.endpoints = etcd == null ? null : new EtcdEndpoints(etcd);
    this.resources = etcd == null ? null : new EtcdResources(etcd);
    this.state = state;
  }

  static Datastore of(ClusterOptions options) throws ClusterException {
    var variant = options.calico() == CalicoVersion.MASTER ? IpamVariant.MASTER : IpamVariant.V3_22;
    var state = new DatastoreState("%032x".formatted(options.seed()), true, "1");
    if (options.datastore().isEmpty()) {
      return new Datastore(new InMemoryIpamStore(), variant, null, state);
    }
    var patience =
        new Patience(
            TIMEOUT, ClusterTime::nanoTime, pause -> LockSupport.parkNanos(pause.toNanos()));
    EtcdClient etcd;
    try {
      etcd = new EtcdClient(options.datastore(), patience, options.tls());
    } catch (IOException e) {
      throw ClusterException.environment("--datastore: " + e.getMessage());
    }
    try {
      etcd.revision();
    } catch (IpamException e) {
      etcd.close();
      throw ClusterException.environment("--datastore: " + e.getMessage());
    }
    return new Datastore(new EtcdIpamStore(etcd, patience, variant), variant, etcd, state);
  }

  IpamStore store() {
    return store;
  }

  IpamVariant variant() {
    return variant;
  }

  /** True if other processes may write to it. */
  boolean isShared() {
    return etcd != null;
  }

  /**
   * {@code own}, and what the processes must agree about as it is for all of them: whoever comes
   * first has brought it.
   */
  Resources agreed(Resources own) throws ClusterException {
    if (resources == null) {
      return own;
    }
    try {
      var shared = new SharedResources(resources);
      shared.offer(own);
      resources.inform(state.guid(), true, true);
      refresh(resources);
      return checked(shared.read(own));
    } catch (IpamException e) {
      throw ClusterException.environment("--datastore: " + e.getMessage());
    }
  }

  private static Resources checked(Resources agreed) throws ClusterException {
    var problems = ResourceLoader.crossCheck(agreed);
    if (!problems.isEmpty()) {
      throw ClusterException.input("--datastore: " + problems.getFirst());
    }
    ClusterChecks.check(agreed);
    return agreed;
  }

  /** What has become of {@code before} through other processes; empty if nothing has. */
  Optional<Resources> changed(Resources before) throws ClusterException {
    if (resources == null) {
      return Optional.empty();
    }
    try {
      refresh(resources);
      var next = withoutOrphans(before, new SharedResources(resources).read(before));
      if (next.equals(before)) {
        return Optional.empty();
      }
      ClusterChecks.checkEdit(next);
      return Optional.of(next);
    } catch (IpamException e) {
      throw ClusterException.environment("--datastore: " + e.getMessage());
    }
  }

  /** Pods of nodes that have gone go with them, as Kubernetes' pod garbage collector has it. */
  private static Resources withoutOrphans(Resources before, Resources next) {
    var gone = names(before);
    gone.removeAll(names(next));
    if (gone.isEmpty()) {
      return next;
    }
    return new Resources(
        next.all().stream()
            .filter(resource -> !(resource instanceof PodResource pod && gone.contains(pod.node())))
            .toList());
  }

  private static Set<String> names(Resources resources) {
    var names = new HashSet<String>();
    NodeFacts.of(resources).forEach(node -> names.add(node.name()));
    return names;
  }

  /**
   * Tells the other processes of a change of what all must agree about.
   *
   * @return why they do not know of it; empty if they do
   */
  Optional<String> publish(Resources before, Resources after) {
    if (resources == null) {
      return Optional.empty();
    }
    try {
      new SharedResources(resources).write(before, after);
      return Optional.empty();
    } catch (IpamException e) {
      return Optional.of("the other processes do not know of it: " + e.getMessage());
    }
  }

  DatastoreState state() {
    return state;
  }

  /** What another process may have changed about the datastore itself. */
  private void refresh(EtcdResources from) throws IpamException {
    var written = from.information();
    if (written.isPresent()) {
      var now = written.get();
      state = new DatastoreState(now.guid(), now.ready(), Long.toString(now.revision()));
    }
  }

  synchronized void setReady(boolean ready) throws IpamException {
    if (resources != null) {
      resources.inform(state.guid(), ready, false);
      refresh(resources);
      return;
    }
    state =
        new DatastoreState(
            state.guid(), ready, Long.toString(Long.parseLong(state.revision()) + 1));
  }

  private static EtcdEndpoints.Endpoint endpoint(Workload workload) {
    var metadata = workload.pod().metadata();
    return new EtcdEndpoints.Endpoint(
        metadata.namespace(),
        metadata.name(),
        workload.pod().node(),
        workload.interfaceName(),
        workload.addresses());
  }

  /** Tells the other processes of a pod that runs here. */
  void publish(Workload workload) throws IpamException {
    if (endpoints != null) {
      endpoints.put(endpoint(workload));
    }
  }

  /** The pod is gone. */
  void withdraw(Workload workload) throws IpamException {
    if (endpoints != null) {
      endpoints.remove(endpoint(workload));
    }
  }

  /** The pods of all processes; empty if there is only this one. */
  List<EtcdEndpoints.Endpoint> endpoints() throws IpamException {
    return endpoints == null ? List.of() : endpoints.all();
  }

  /** Calls {@code listener} with all pods after each change of any, on a thread of its own. */
  void watch(Consumer<List<EtcdEndpoints.Endpoint>> listener) throws ClusterException {
    if (endpoints == null) {
      return;
    }
    try {
      watches.add(
          store.watch(
              EtcdEndpoints.PREFIX,
              _ -> {
                try {
                  listener.accept(endpoints());
                } catch (IpamException e) {
                  log.warn("pods of other processes: {}", e.getMessage());
                }
              }));
      // What changed between the first look and the beginning of the watch.
      listener.accept(endpoints());
    } catch (IpamException e) {
      throw ClusterException.environment("--datastore: " + e.getMessage());
    }
  }

  /**
   * Calls {@code listener} after each change of a resource that is shared, on a thread of its own.
   */
  void watchResources(Runnable listener) throws ClusterException {
    if (resources == null) {
      return;
    }
    try {
      watches.add(
          store.watch(
              EtcdResources.PREFIX,
              change -> {
                if (!change.path().startsWith(EtcdEndpoints.PREFIX)) {
                  listener.run();
                }
              }));
      // What changed between the first look and the beginning of the watch.
      listener.run();
    } catch (IpamException e) {
      throw ClusterException.environment("--datastore: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    watches.forEach(IpamStore.Watch::close);
    if (etcd != null) {
      etcd.close();
    }
  }
}
