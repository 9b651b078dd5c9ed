package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.ConfigKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calico's address management: assign, release, claim, describe, under Calico's names. It keeps
 * nothing itself; any number of instances may work on one store, from any thread.
 */
public final class Ipam {
  /** The name of the row for blocks that no pool has. */
  public static final String ORPHANS = Utilization.ORPHANS;

  private final IpamStore store;
  private final Blocks blocks;
  private final IpamInputs inputs;
  private final IpamVariant variant;
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
    this(store, inputs, nanoTime, IpamVariant.V3_22);
  }

  /** As above, with the behaviour of another version. */
  public Ipam(IpamStore store, IpamInputs inputs, LongSupplier nanoTime, IpamVariant variant) {
    this.store = store;
    this.inputs = inputs;
    this.nanoTime = nanoTime;
    this.variant = variant;
    this.blocks = new Blocks(store, variant, nanoTime);
    this.claims = new AffinityClaim(store, blocks);
    this.pools = new PoolSelection(store, inputs, claims, variant);
    var handles = new HandleLedger(store, variant);
    this.releaser = new AddressReleaser(store, blocks, handles, pools, variant);
    this.assigner =
        new AddressAssigner(
            store, blocks, inputs, claims, handles, pools, releaser, variant, nanoTime);
    this.affinities = new AffinityOperations(store, claims, pools, variant);
  }

  /**
   * What came of a release.
   *
   * @param unallocated addresses that nobody had
   * @param processed entries whose block was dealt with
   * @param error the first that a block met; the other blocks went through all the same
   */
  public record Released(
      List<IpAddress> unallocated, List<ReleaseOption> processed, @Nullable IpamError error) {
    public Released {
      unallocated = List.copyOf(unallocated);
      processed = List.copyOf(processed);
    }
  }

  /** Blocks claimed and blocks that others have, and the error that ended it early, if any. */
  public record Claimed(List<Prefix> claimed, List<Prefix> failed, @Nullable IpamError error) {
    public Claimed {
      claimed = List.copyOf(claimed);
      failed = List.copyOf(failed);
    }

    /** The same if no error ended it. */
    public Claimed orThrow() throws IpamException {
      if (error != null) {
        throw new IpamException(error);
      }
      return this;
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
    assignIp(address, host, handle, attributes, reservation, null, 0);
  }

  /**
   * As above.
   *
   * @param use what it is for; null for any. Newer versions refuse a pool that is for other uses
   * @param maxPerHandle how many addresses of the family the handle may have; 0 for any number
   */
  public void assignIp(
      IpAddress address,
      String host,
      @Nullable String handle,
      Map<String, String> attributes,
      @Nullable HostReservation reservation,
      @Nullable IntendedUse use,
      int maxPerHandle)
      throws IpamException {
    assigner.assignIp(
        new AddressAssigner.Given(
            address, host, handle, attributes, reservation, use, maxPerHandle),
        config(false));
  }

  /** Releases {@code addresses}; those that were not assigned are returned. */
  public List<IpAddress> releaseIps(List<IpAddress> addresses) throws IpamException {
    var released = release(addresses.stream().map(ReleaseOption::of).toList());
    if (released.error() != null) {
      throw new IpamException(released.error());
    }
    return released.unallocated();
  }

  /** Releases addresses unless they changed since the caller looked; every block is tried. */
  public Released release(List<ReleaseOption> options) {
    return releaser.release(options);
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
    var block = blocks.get(pool.blockOf(address.toPrefix())).value();
    var owner = block.user(block.ordinal(address));
    if (owner == null) {
      throw new IpamException(
          new IpamError.NotExist(address.toString(), "IP is not currently assigned in block"));
    }
    return owner;
  }

  /** Records who has {@code address} of {@code handle} (from v3.32 on). */
  public void setOwners(IpAddress address, String handle, OwnerUpdate update) throws IpamException {
    update.check();
    var pool = pools.poolOf(address);
    if (pool == null) {
      throw new IpamException(
          new IpamError.Other(
              "the provided IP address " + address + " is not in a configured pool"));
    }
    var cidr = pool.blockOf(address.toPrefix());
    Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          var block = blocks.get(cidr);
          int ordinal = block.value().ordinal(address);
          var changed = update.apply(block.value().user(ordinal), address, handle);
          blocks.update(block, BlockDraft.replaceEntry(block.value(), ordinal, changed));
          return true;
        });
  }

  /** Claims every block of {@code cidr} for {@code host}, without limit or node check. */
  public Claimed claimAffinity(Prefix cidr, String host) throws IpamException {
    return claimAffinity(cidr, BlockOwner.host(host));
  }

  /** Claims every block of {@code cidr} for {@code owner}. */
  public Claimed claimAffinity(Prefix cidr, BlockOwner owner) throws IpamException {
    return affinities.claim(cidr, owner);
  }

  /** Releases the host's affinity to every block of {@code cidr}. */
  public void releaseAffinity(Prefix cidr, String host, boolean mustBeEmpty) throws IpamException {
    affinities.release(cidr, BlockOwner.host(host), mustBeEmpty);
  }

  /** Releases the affinity of a block as it was read. */
  public void releaseBlockAffinity(Block block, boolean mustBeEmpty) throws IpamException {
    affinities.releaseBlock(block, mustBeEmpty);
  }

  /** Releases all affinities of {@code host}. */
  public void releaseHostAffinities(String host, boolean mustBeEmpty) throws IpamException {
    releaseAffinities(BlockOwner.host(host), mustBeEmpty);
  }

  /** Releases all affinities of {@code owner}. */
  public void releaseAffinities(BlockOwner owner, boolean mustBeEmpty) throws IpamException {
    affinities.releaseAll(owner, mustBeEmpty);
  }

  /** Releases every host's affinities to blocks in {@code cidr}. */
  public void releasePoolAffinities(Prefix cidr) throws IpamException {
    affinities.releasePool(cidr);
  }

  /** Forgets a host; its addresses stay assigned. */
  public void removeIpamHost(String host) throws IpamException {
    releaseHostAffinities(host, false);
    // What versions before 3 kept for a host is never written, but may be there.
    store.remove(IpamKey.ALL_AFFINITIES + host);
  }

  /** A block for a host that is to have one before its first workload (Windows), per family. */
  public Prefix ensureBlock(
      String host, IpFamily family, List<Prefix> requested, HostReservation reservation)
      throws IpamException {
    var config = config(false);
    var selected =
        pools.select(family, host, requested, reservation, IntendedUse.WORKLOAD, Map.of());
    var finder =
        new BlockFinder(
            store,
            blocks,
            claims,
            variant,
            nanoTime,
            BlockOwner.host(host),
            selected,
            new Reservations(inputs.reservations()),
            reservation);
    return finder.findOrClaim(0, true, config.autoAllocateBlocks()).block().value().cidr();
  }

  /** A block per family; null where no reservation was given. */
  public record Ensured(@Nullable Prefix v4, @Nullable Prefix v6) {}

  /**
   * A block for each family that has a reservation. Up to v3.32 the pools for IPv4 are asked for in
   * IPv6 too.
   */
  public Ensured ensureBlocks(
      String host,
      List<Prefix> pools4,
      List<Prefix> pools6,
      @Nullable HostReservation reservation4,
      @Nullable HostReservation reservation6)
      throws IpamException {
    var v4 = reservation4 == null ? null : ensureBlock(host, IpFamily.IPV4, pools4, reservation4);
    var requested6 = variant == IpamVariant.V3_22 ? pools4 : pools6;
    var v6 =
        reservation6 == null ? null : ensureBlock(host, IpFamily.IPV6, requested6, reservation6);
    return new Ensured(v4, v6);
  }

  /** The stored configuration, or the defaults. */
  public IpamConfig config() throws IpamException {
    var stored = store.find(new ConfigKey(), IpamConfig.class);
    if (stored != null) {
      return stored.value();
    }
    return variant == IpamVariant.V3_22
        ? IpamConfig.DEFAULT
        : IpamConfig.DEFAULT.withVmAddressPersistence("Enabled");
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
    return blocks.list(IpamKey.ALL_BLOCKS).stream().map(Stored::value).toList();
  }

  /** The blocks that {@code host} owns for sure: what it announces. */
  public List<Prefix> confirmedBlocks(String host) throws IpamException {
    var found = new ArrayList<Prefix>();
    for (var family : IpFamily.values()) {
      for (var affinity : store.affinities(BlockOwner.host(host), family)) {
        if (affinity.value().isConfirmed()
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
    return Utilization.of(
        inputs.pools(), wanted, blocks(), new Reservations(inputs.reservations()));
  }
}
