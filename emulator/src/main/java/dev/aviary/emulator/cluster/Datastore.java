package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoVersion;
import dev.aviary.emulator.node.Workload;
import dev.aviary.ipam.InMemoryIpamStore;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.etcd.EtcdClient;
import dev.aviary.ipam.etcd.EtcdEndpoints;
import dev.aviary.ipam.etcd.EtcdIpamStore;
import dev.aviary.ipam.etcd.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  private volatile DatastoreState state;
  private Optional<IpamStore.Watch> watch = Optional.empty();

  private Datastore(
      IpamStore store, IpamVariant variant, @Nullable EtcdClient etcd, DatastoreState state) {
    this.store = store;
    this.variant = variant;
    this.etcd = etcd;
    this.endpoints = etcd == null ? null : new EtcdEndpoints(etcd);
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
    var etcd = new EtcdClient(options.datastore(), patience);
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

  DatastoreState state() {
    return state;
  }

  synchronized void setReady(boolean ready) {
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
      watch =
          Optional.of(
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

  @Override
  public void close() {
    watch.ifPresent(IpamStore.Watch::close);
    if (etcd != null) {
      etcd.close();
    }
  }
}
