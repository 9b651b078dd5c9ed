package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.IpReservationResource;
import dev.aviary.emulator.resource.IpamConfigResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.selector.Selector;
import dev.aviary.felix.selector.SelectorException;
import dev.aviary.ipam.IntendedUse;
import dev.aviary.ipam.IpPool;
import dev.aviary.ipam.IpamConfig;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamInputs;
import dev.aviary.net.Prefix;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What IPAM sees of the cluster's resources, as they are at each call. */
public final class ClusterIpamInputs implements IpamInputs {
  private final Supplier<Resources> resources;

  public ClusterIpamInputs(Supplier<Resources> resources) {
    this.resources = resources;
  }

  @Override
  public List<IpPool> pools() {
    return resources.get().of(IpPoolResource.class).stream()
        .sorted(Comparator.comparing(pool -> pool.metadata().name()))
        .map(ClusterIpamInputs::pool)
        .toList();
  }

  private static IpPool pool(IpPoolResource pool) {
    return new IpPool(
        pool.metadata().name(),
        pool.cidr(),
        pool.blockSize(),
        pool.disabled(),
        pool.nodeSelector(),
        uses(pool.allowedUses()),
        pool.namespaceSelector(),
        pool.assignmentMode() == IpPoolResource.AssignmentMode.MANUAL);
  }

  private static Set<IntendedUse> uses(Set<IpPoolResource.Use> uses) {
    var found = EnumSet.noneOf(IntendedUse.class);
    for (var use : uses) {
      found.add(
          switch (use) {
            case WORKLOAD -> IntendedUse.WORKLOAD;
            case TUNNEL -> IntendedUse.TUNNEL;
            case LOAD_BALANCER -> IntendedUse.LOAD_BALANCER;
          });
    }
    return found;
  }

  @Override
  public List<Prefix> reservations() {
    return resources.get().of(IpReservationResource.class).stream()
        .flatMap(reservation -> reservation.cidrs().stream())
        .toList();
  }

  /** What the resources ask of IPAM; empty if they leave it as it is. */
  public Optional<IpamConfig> config() {
    return resources
        .get()
        .find(IpamConfigResource.class, "", "default")
        .map(
            config ->
                new IpamConfig(
                    config.strictAffinity(),
                    config.autoAllocateBlocks(),
                    config.maxBlocksPerHost()));
  }

  @Override
  public Optional<Map<String, String>> nodeLabels(String host) {
    return NodeFacts.of(resources.get()).stream()
        .filter(node -> node.name().equals(host))
        .map(NodeFacts::labels)
        .findFirst();
  }

  @Override
  public boolean matches(String selector, Map<String, String> labels) throws IpamException {
    try {
      return Selector.parse(selector).matches(labels);
    } catch (SelectorException e) {
      throw new IpamException(new IpamError.Other(String.valueOf(e.getMessage())));
    }
  }
}
