package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.ConfigKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calico's address management (v3.22): assign, release, claim, describe, under Calico's names. It
 * keeps nothing itself; any number of instances may work on one store, from any thread.
 */
public final class Ipam {
  /** The name of the row for blocks that no pool has. */
  public static final String ORPHANS = "orphaned allocation blocks";

  private final IpamStore store;
  private final IpamInputs inputs;
  private final AffinityClaim claims;
  private final PoolSelection pools;
  private final AddressAssigner assigner;
  private final AddressReleaser releaser;
  private final AffinityOperations affinities;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime nanoseconds since the epoch; seeds the choice in pools of single addresses
   */
  public Ipam(IpamStore store, IpamInputs inputs, LongSupplier nanoTime) {
    this.store = store;
    this.inputs = inputs;
    this.nanoTime = nanoTime;
    this.claims = new AffinityClaim(store);
    this.pools = new PoolSelection(store, inputs, claims);
    var handles = new HandleLedger(store);
    this.assigner = new AddressAssigner(store, inputs, claims, handles, pools, nanoTime);
    this.releaser = new AddressReleaser(store, handles, pools);
    this.affinities = new AffinityOperations(store, claims, pools);
  }

  /** Blocks claimed and blocks that others have, and the error that ended it early, if any. */
  public record Claimed(List<Prefix> claimed, List<Prefix> failed, @Nullable IpamError error) {
    public Claimed {
      claimed = List.copyOf(claimed);
      failed = List.copyOf(failed);
    }
  }

  /** Assigns addresses, IPv4 first; if that fails, IPv6 is not attempted. */
  public Assignment autoAssign(AssignRequest request) {
    IpamConfig config;
    try {
      config = config(request.windows());
    } catch (IpamException e) {
      return new Assignment(null, null, e.error());
    }
    Assignment.Addresses v4 = null;
    if (request.count4() > 0) {
      var result = assigner.assign(request, IpFamily.IPV4, config);
      v4 = result.addresses();
      if (result.error() != null) {
        return new Assignment(v4, null, result.error());
      }
    }
    if (request.count6() == 0) {
      return new Assignment(v4, null, null);
    }
    var result = assigner.assign(request, IpFamily.IPV6, config);
    return new Assignment(v4, result.addresses(), result.error());
  }

  /** Assigns {@code address}; its block is claimed for {@code host} if nobody has it. */
  public void assignIp(
      IpAddress address,
      String host,
      @Nullable String handle,
      Map<String, String> attributes,
      @Nullable HostReservation reservation)
      throws IpamException {
    assigner.assignIp(address, host, handle, attributes, reservation, config(false));
  }

  /** Releases {@code addresses}; those that were not assigned are returned. */
  public List<IpAddress> releaseIps(List<IpAddress> addresses) throws IpamException {
    return releaser.release(addresses);
  }

  /** Releases all that {@code handle} has; {@link IpamError.NotExist} if it is unknown. */
  public void releaseByHandle(String handle) throws IpamException {
    releaser.releaseByHandle(handle);
  }

  /** What {@code handle} has; {@link IpamError.NotExist} if it is unknown. */
  public List<IpAddress> ipsByHandle(String handle) throws IpamException {
    return releaser.addressesOf(handle);
  }

  /** Who has {@code address}; {@link IpamError.NotExist} if nobody has. */
  public Block.Attributes assignmentAttributes(IpAddress address) throws IpamException {
    var pool = pools.poolOf(address);
    if (pool == null) {
      throw new IpamException(new IpamError.NotExist(address.toString(), "No valid IPPool"));
    }
    var block = store.get(new BlockKey(pool.blockOf(address.toPrefix())), Block.class).value();
    var owner = block.owner(block.ordinal(address));
    if (owner == null) {
      throw new IpamException(
          new IpamError.NotExist(address.toString(), "IP is not currently assigned in block"));
    }
    return owner;
  }

  /** Claims every block of {@code cidr} for {@code host}, without limit or node check. */
  public Claimed claimAffinity(Prefix cidr, String host) throws IpamException {
    return affinities.claim(cidr, host);
  }

  /** Releases the host's affinity to every block of {@code cidr}. */
  public void releaseAffinity(Prefix cidr, String host, boolean mustBeEmpty) throws IpamException {
    affinities.release(cidr, host, mustBeEmpty);
  }

  /** Releases the affinity of a block as it was read. */
  public void releaseBlockAffinity(Block block, boolean mustBeEmpty) throws IpamException {
    affinities.releaseBlock(block, mustBeEmpty);
  }

  /** Releases all affinities of {@code host}. */
  public void releaseHostAffinities(String host, boolean mustBeEmpty) throws IpamException {
    affinities.releaseHost(host, mustBeEmpty);
  }

  /** Releases every host's affinities to blocks in {@code cidr}. */
  public void releasePoolAffinities(Prefix cidr) throws IpamException {
    affinities.releasePool(cidr);
  }

  /** Forgets a host; its addresses stay assigned. */
  public void removeIpamHost(String host) throws IpamException {
    affinities.releaseHost(host, false);
  }

  /** A block for a host that is to have one before its first workload (Windows), per family. */
  public Prefix ensureBlock(
      String host, IpFamily family, List<Prefix> requested, HostReservation reservation)
      throws IpamException {
    var config = config(false);
    var selected = pools.select(family, host, requested, reservation, IntendedUse.WORKLOAD);
    var finder =
        new BlockFinder(
            store,
            claims,
            nanoTime,
            host,
            selected,
            new Reservations(inputs.reservations()),
            reservation);
    return finder.findOrClaim(0, true, config.autoAllocateBlocks()).block().value().cidr();
  }

  /** The stored configuration, or the defaults. */
  public IpamConfig config() throws IpamException {
    var stored = store.find(new ConfigKey(), IpamConfig.class);
    return stored == null ? IpamConfig.DEFAULT : stored.value();
  }

  private IpamConfig config(boolean windows) throws IpamException {
    var config = config();
    if (windows && !config.strictAffinity()) {
      throw new IpamException(new IpamError.StrictAffinityRequired());
    }
    return config;
  }

  /** Sets the configuration; it takes effect at the next call. */
  public void setConfig(IpamConfig changed) throws IpamException {
    if (changed.equals(config())) {
      return;
    }
    if (!changed.strictAffinity() && !changed.autoAllocateBlocks()) {
      throw new IpamException(
          new IpamError.Other(
              "Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time"));
    }
    if (changed.maxBlocksPerHost() > 0 && !changed.strictAffinity()) {
      throw new IpamException(
          new IpamError.Other("MaxBlocksPerHost requires StrictAffinity to be enabled"));
    }
    store.apply(new ConfigKey(), changed);
  }

  /** All blocks, in the order of their keys. */
  public List<Block> blocks() throws IpamException {
    return store.list(IpamKey.ALL_BLOCKS, Block.class).stream().map(Stored::value).toList();
  }

  /** The blocks that {@code host} owns for sure: what it announces. */
  public List<Prefix> confirmedBlocks(String host) throws IpamException {
    var found = new ArrayList<Prefix>();
    for (var family : IpFamily.values()) {
      for (var affinity : store.list(IpamKey.affinities(host, family), BlockAffinity.class)) {
        if (affinity.value().state() == BlockAffinity.State.CONFIRMED
            && affinity.key() instanceof IpamKey.AffinityKey(_, var block)) {
          found.add(block);
        }
      }
    }
    return List.copyOf(found);
  }

  /**
   * What is free per pool.
   *
   * @param wanted names or CIDRs of pools; empty for all, with a last row for blocks without one
   */
  public List<Utilization> utilization(List<String> wanted) throws IpamException {
    var rows = new ArrayList<IpPool>();
    for (var pool : inputs.pools()) {
      if (wanted.isEmpty()
          || wanted.contains(pool.name())
          || wanted.contains(pool.cidr().toString())) {
        rows.add(pool);
      }
    }
    var blocks = new ArrayList<List<Utilization.OfBlock>>();
    rows.forEach(_ -> blocks.add(new ArrayList<>()));
    var orphans = new ArrayList<Utilization.OfBlock>();
    for (var block : blocks()) {
      var row = new Utilization.OfBlock(block.cidr(), block.size(), block.freeCount());
      var pool = rows.stream().filter(p -> p.cidr().overlaps(block.cidr())).findFirst();
      if (pool.isPresent()) {
        blocks.get(rows.indexOf(pool.get())).add(row);
      } else if (block.cidr().family() == IpFamily.IPV4) {
        orphans.add(row);
      }
    }
    var found = new ArrayList<Utilization>();
    for (int i = 0; i < rows.size(); i++) {
      found.add(new Utilization(rows.get(i).name(), rows.get(i).cidr(), blocks.get(i)));
    }
    if (wanted.isEmpty()) {
      found.add(new Utilization(ORPHANS, Ipv4Prefix.of("0.0.0.0/0"), orphans));
    }
    return List.copyOf(found);
  }
}
