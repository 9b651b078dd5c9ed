package dev.aviary.emulator.calicoctl;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.IpPoolResource.Use;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.PoolSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A cluster that runs in this process. */
public final class ClusterSite implements IpamSite {
  private final Cluster cluster;

  public ClusterSite(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public IpamVariant variant() {
    return cluster.addressing().variant();
  }

  @Override
  public Ipam ipam() {
    return cluster.addressing().ipam();
  }

  @Override
  public IpamStore store() {
    return cluster.addressing().store();
  }

  @Override
  public Instant now() {
    return cluster.now();
  }

  @Override
  public List<NodeAddresses> nodes() {
    return cluster.tunnelAddresses().entrySet().stream()
        .map(entry -> new NodeAddresses(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public List<WorkloadAddresses> workloads() {
    return cluster.workloadPods().stream()
        .map(
            pod ->
                new WorkloadAddresses(
                    pod.namespace(),
                    "%s-k8s-%s-eth0".formatted(escaped(pod.node()), escaped(pod.name())),
                    pod.addresses()))
        .sorted(Comparator.comparing(w -> w.namespace() + "/" + w.name()))
        .toList();
  }

  /** The name of a workload endpoint has dashes between its parts, so those inside are doubled. */
  private static String escaped(String part) {
    return part.replace("-", "--");
  }

  @Override
  public ClusterInformation information() {
    var state = cluster.datastoreState();
    return new ClusterInformation(
        state.guid(), "k8s,bgp", IpamVerbs.CLIENT_VERSION, state.ready(), state.revision());
  }

  @Override
  public void setReady(boolean ready) throws IpamException {
    cluster.setDatastoreReady(ready);
  }

  private static List<IpPoolResource> pools(List<Resource> resources) {
    return resources.stream()
        .filter(IpPoolResource.class::isInstance)
        .map(IpPoolResource.class::cast)
        .sorted(Comparator.comparing(pool -> pool.metadata().name()))
        .toList();
  }

  @Override
  public List<PoolSpec> poolSpecs() {
    return pools(cluster.resources().all()).stream().map(ClusterSite::spec).toList();
  }

  private static PoolSpec spec(IpPoolResource pool) {
    return new PoolSpec(
        pool.metadata().name(),
        pool.cidr().toString(),
        pool.blockSize(),
        pool.ipipMode().text(),
        pool.vxlanMode().text(),
        pool.disabled(),
        pool.nodeSelector(),
        pool.allowedUses().stream().map(Use::text).sorted().toList());
  }

  /** As {@code spec} has it, the rest as {@code like} has it. */
  private static Resource resource(PoolSpec spec, IpPoolResource like) throws IpamException {
    var patch =
        ResourceLoader.patch(
            """
            metadata: {name: '%s'}
            spec: {cidr: '%s', blockSize: %d, ipipMode: '%s', vxlanMode: '%s', disabled: %b,
              nodeSelector: '%s', allowedUses: [%s]}
            """
                .formatted(
                    spec.name(),
                    spec.cidr(),
                    spec.blockSize() == null ? like.blockSize() : spec.blockSize(),
                    spec.ipipMode(),
                    spec.vxlanMode(),
                    spec.disabled(),
                    spec.nodeSelector().replace("'", "''"),
                    String.join(", ", spec.allowedUses())));
    var read = ResourceLoader.parse(like.source().file(), ResourceEdits.patched(like, patch.get()));
    if (read.isInvalid()) {
      throw new IpamException(new IpamError.Other(read.getError().head().toString()));
    }
    return read.get().resources().all().getFirst();
  }

  @Override
  public void update(PoolSpec pool) throws IpamException {
    var before = find(pool.name());
    var after = resource(pool, before);
    edit(all -> all.stream().map(r -> r.equals(before) ? after : r).toList());
  }

  private void edit(UnaryOperator<List<Resource>> change) throws IpamException {
    try {
      cluster.edit(
          before ->
              new ResourceEdits.Outcome(new Resources(change.apply(before.all())), 1, List.of()));
    } catch (ClusterException e) {
      throw new IpamException(new IpamError.Other(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IpamException(new IpamError.Other("interrupted"));
    }
  }

  private IpPoolResource find(String name) throws IpamException {
    return pools(cluster.resources().all()).stream()
        .filter(pool -> pool.metadata().name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IpamException(new IpamError.NotExist("IPPool(" + name + ")", "Key not found")));
  }

  @Override
  public void replace(String name, List<PoolSpec> parts) throws IpamException {
    var gone = find(name);
    var fresh = new ArrayList<Resource>();
    for (var part : parts) {
      fresh.add(resource(part, gone));
    }
    edit(all -> Stream.concat(all.stream().filter(r -> !r.equals(gone)), fresh.stream()).toList());
  }
}
