package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which pools a request may use, and which of the host's blocks lie in them. */
final class PoolSelection {
  private final IpamStore store;
  private final IpamInputs inputs;
  private final AffinityClaim claims;
  private final IpamVariant variant;

  PoolSelection(IpamStore store, IpamInputs inputs, AffinityClaim claims, IpamVariant variant) {
    this.store = store;
    this.inputs = inputs;
    this.claims = claims;
    this.variant = variant;
  }

  /** For whom, the pools to take from, in order, and the own blocks in them, in key order. */
  record Selected(BlockOwner owner, List<IpPool> pools, List<Prefix> affine) {}

  List<IpPool> enabled(IpFamily family) {
    var found = new ArrayList<IpPool>();
    for (var pool : inputs.pools()) {
      if (!pool.disabled() && pool.cidr().family() == family) {
        found.add(pool);
      }
    }
    return found;
  }

  /** The first enabled pool that contains {@code address}, or null. */
  @Nullable IpPool poolOf(IpAddress address) {
    for (var pool : inputs.pools()) {
      if (!pool.disabled()
          && pool.cidr().family() == address.family()
          && pool.cidr().contains(address)) {
        return pool;
      }
    }
    return null;
  }

  /** The first pool that contains {@code address}, disabled ones counted, or null. */
  @Nullable IpPool anyPoolOf(IpAddress address) {
    for (var pool : inputs.pools()) {
      if (pool.cidr().family() == address.family() && pool.cidr().contains(address)) {
        return pool;
      }
    }
    return null;
  }

  /** Calico's determinePools. */
  List<IpPool> determine(
      List<Prefix> requested,
      IpFamily family,
      Map<String, String> labels,
      Map<String, String> namespaceLabels,
      int maxPrefixLength)
      throws IpamException {
    var enabled = enabled(family);
    var usable = new ArrayList<IpPool>(enabled.size());
    for (var pool : enabled) {
      if (pool.blockSize() <= maxPrefixLength) {
        usable.add(pool);
      }
    }
    if (usable.isEmpty()) {
      throw new IpamException(new IpamError.NoQualifiedPool(null));
    }
    var matching = new ArrayList<IpPool>();
    for (var cidr : requested) {
      matching.add(
          usable.stream()
              .filter(pool -> pool.cidr().equals(cidr))
              .findFirst()
              .orElseThrow(() -> notEnabled(cidr)));
    }
    if (requested.isEmpty()) {
      for (var pool : enabled) {
        if (selects(pool, labels, namespaceLabels)) {
          matching.add(pool);
        }
      }
    }
    return matching;
  }

  private boolean selects(
      IpPool pool, Map<String, String> labels, Map<String, String> namespaceLabels)
      throws IpamException {
    if (variant == IpamVariant.V3_22) {
      return inputs.matches(pool.nodeSelector(), labels);
    }
    return !pool.manual()
        && inputs.matches(pool.nodeSelector(), labels)
        && inputs.matches(pool.namespaceSelector(), namespaceLabels);
  }

  private static IpamException notEnabled(Prefix cidr) {
    return new IpamException(
        new IpamError.Other("the given pool (" + cidr + ") does not exist, or is not enabled"));
  }

  Map<String, String> labels(String host) throws IpamException {
    return inputs
        .nodeLabels(host)
        .orElseThrow(
            () -> new IpamException(new IpamError.NotExist("Node(" + host + ")", "Key not found")));
  }

  /**
   * The pools and own blocks for a request. On the way, empty blocks of the host are released whose
   * pool no longer selects it.
   */
  Selected select(
      IpFamily family,
      String host,
      List<Prefix> requested,
      @Nullable HostReservation reservation,
      IntendedUse use,
      Map<String, String> namespaceLabels)
      throws IpamException {
    // A load balancer's addresses belong to no node.
    var labels = use == IntendedUse.LOAD_BALANCER ? Map.<String, String>of() : labels(host);
    var matching =
        determine(requested, family, labels, namespaceLabels, maxPrefixLength(family, reservation));
    if (matching.isEmpty()) {
      throw new IpamException(new IpamError.Other("no configured Calico pools for node " + host));
    }
    var usable = new ArrayList<IpPool>(matching.size());
    for (var pool : matching) {
      if (pool.allowedUses().contains(use)) {
        usable.add(pool);
      }
    }
    if (usable.isEmpty()) {
      throw new IpamException(new IpamError.NoQualifiedPool(use.text()));
    }
    var affine = new ArrayList<Prefix>();
    var owner = use.owner(host);
    var known = owner;
    for (var affinity : store.affinities(owner, family)) {
      if (!(affinity.key() instanceof AffinityKey(var recorded, var block))) {
        continue;
      }
      // One owner, one object: comparing its names is comparing addresses then.
      known = recorded;
      if (inside(block, usable)) {
        affine.add(block);
      }
      if (!inside(block, matching)) {
        releaseIfDeselected(owner, block, labels);
      }
    }
    return new Selected(known, usable, affine);
  }

  static int maxPrefixLength(IpFamily family, @Nullable HostReservation reservation)
      throws IpamException {
    if (reservation == null) {
      return family.bits();
    }
    int reserved = reservation.start() + reservation.end();
    if (reserved <= 0) {
      throw new IpamException(new IpamError.Other("HostReservedAttr has wrong parameters"));
    }
    return family.bits() - (32 - Integer.numberOfLeadingZeros(reserved));
  }

  private static boolean inside(Prefix block, List<IpPool> pools) {
    for (var pool : pools) {
      if (pool.cidr().contains(block)) {
        return true;
      }
    }
    return false;
  }

  private void releaseIfDeselected(BlockOwner owner, Prefix block, Map<String, String> labels)
      throws IpamException {
    var pool = poolOf(block.address());
    if (pool == null || inputs.matches(pool.nodeSelector(), labels)) {
      return;
    }
    releaseIfEmpty(owner, block);
  }

  /** After a release: an empty block whose pool no longer selects its host goes too. */
  void ensureConsistent(Block block) throws IpamException {
    var host = block.host().orElse(null);
    var pool = poolOf(block.cidr().address());
    if (host == null || pool == null) {
      return;
    }
    var labels = inputs.nodeLabels(host).orElse(null);
    if (labels != null && !inputs.matches(pool.nodeSelector(), labels)) {
      releaseIfEmpty(BlockOwner.host(host), block.cidr());
    }
  }

  private void releaseIfEmpty(BlockOwner owner, Prefix block) throws IpamException {
    IpamException last = null;
    for (int i = 0; i < Retry.LIMIT; i++) {
      try {
        claims.release(owner, block, true);
        return;
      } catch (IpamException e) {
        if (e.error() instanceof IpamError.BlockClaimConflict
            || e.error() instanceof IpamError.BlockNotEmpty
            || e.error() instanceof IpamError.NotExist) {
          return;
        }
        last = e;
      }
    }
    if (last != null) {
      throw last;
    }
  }
}
