package dev.aviary.ipam;

import dev.aviary.ipam.Assignment.Addresses;
import dev.aviary.ipam.Assignment.Assigned;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Takes addresses from blocks: any that is free, or a given one. */
final class AddressAssigner {
  private static final int DEFAULT_BLOCKS_PER_HOST = 20;

  private final IpamStore store;
  private final Blocks blocks;
  private final IpamInputs inputs;
  private final AffinityClaim claims;
  private final HandleLedger handles;
  private final PoolSelection pools;
  private final AddressReleaser releaser;
  private final IpamVariant variant;
  private final LongSupplier nanoTime;

  AddressAssigner(
      IpamStore store,
      Blocks blocks,
      IpamInputs inputs,
      AffinityClaim claims,
      HandleLedger handles,
      PoolSelection pools,
      AddressReleaser releaser,
      IpamVariant variant,
      LongSupplier nanoTime) {
    this.store = store;
    this.blocks = blocks;
    this.releaser = releaser;
    this.variant = variant;
    this.inputs = inputs;
    this.claims = claims;
    this.handles = handles;
    this.pools = pools;
    this.nanoTime = nanoTime;
  }

  /** Addresses of one family, and the error that came before there were enough. */
  record Result(@Nullable Addresses addresses, @Nullable IpamError error) {}

  /** One request while it is being served. */
  private final class Work {
    final AssignRequest request;
    final IpFamily family;
    final int wanted;
    final Reservations reserved = new Reservations(inputs.reservations());
    final IpamConfig config;
    final BlockOwner owner;
    final List<Assigned> assigned = new ArrayList<>();
    final Set<String> messages = new LinkedHashSet<>();

    Work(AssignRequest request, IpFamily family, BlockOwner owner, IpamConfig config) {
      this.owner = owner;
      this.request = request;
      this.family = family;
      this.wanted = request.count(family);
      this.config = config;
    }

    int missing() {
      return wanted - assigned.size();
    }

    Result result(@Nullable IpamError error) {
      return new Result(
          new Addresses(
              assigned, family, wanted, request.reservation(family), List.copyOf(messages)),
          error);
    }
  }

  Result assign(AssignRequest request, IpFamily family, IpamConfig config) {
    PoolSelection.Selected selected;
    var use = request.use();
    try {
      if (use == null) {
        throw new IpamException(new IpamError.UseRequired());
      }
      for (var cidr : request.pools(family)) {
        if (cidr.family() != family) {
          throw new IpamException(new IpamError.FamilyMismatch(family));
        }
      }
      selected =
          pools.select(
              family,
              request.host(),
              request.pools(family),
              request.reservation(family),
              use,
              request.namespaceLabels());
    } catch (IpamException e) {
      return new Result(null, e.error());
    }
    var work = new Work(request, family, selected.owner(), config);
    var finder =
        new BlockFinder(
            store,
            blocks,
            claims,
            variant,
            nanoTime,
            work.owner,
            selected,
            work.reserved,
            request.reservation(family));
    try {
      fromOwnBlocks(work, finder, selected.affine().size());
      if (!config.strictAffinity() && work.missing() > 0) {
        borrow(work, finder, selected.pools());
      }
      return work.result(null);
    } catch (IpamException e) {
      return e.error() instanceof IpamError.HandleLimit(var handle, _)
          ? whatItHas(work, handle, e.error())
          : work.result(e.error());
    }
  }

  /** A handle at its limit is given what it has, if that is enough. */
  private Result whatItHas(Work work, String handle, IpamError error) {
    try {
      var has = existing(handle, work.family);
      if (has.size() >= work.wanted) {
        work.assigned.clear();
        work.assigned.addAll(has);
        return work.result(null);
      }
      return work.result(error);
    } catch (IpamException e) {
      return work.result(e.error());
    }
  }

  private static int limit(int ofRequest, int ofConfig) {
    if (ofRequest > 0 && ofConfig > 0) {
      return Math.min(ofRequest, ofConfig);
    }
    int either = Math.max(ofRequest, ofConfig);
    return either > 0 ? either : DEFAULT_BLOCKS_PER_HOST;
  }

  private void fromOwnBlocks(Work work, BlockFinder finder, int ownedBefore) throws IpamException {
    int owned = ownedBefore;
    int limit = limit(work.request.maxBlocksPerHost(), work.config.maxBlocksPerHost());
    while (work.missing() > 0) {
      BlockFinder.Found found;
      try {
        found = finder.findOrClaim(1, owned < limit, work.config.autoAllocateBlocks());
      } catch (IpamException e) {
        if (e.error() instanceof IpamError.NoFreeBlocks) {
          if (work.config.strictAffinity()) {
            work.messages.add("No more free affine blocks and strict affinity enabled");
          }
          return;
        }
        if (e.error() instanceof IpamError.BlockLimit) {
          work.messages.add(
              "Need to allocate an IPAM block but could not - limit of "
                  + limit
                  + " blocks reached for this node");
        }
        throw e;
      }
      if (found.claimed()) {
        owned++;
      }
      takeFrom(work, finder, found.block(), work.config.strictAffinity());
    }
  }

  /** Takes what is missing from {@code block}; a block that fails otherwise is given up. */
  private void takeFrom(Work work, BlockFinder finder, Stored<Block> first, boolean affinityCheck)
      throws IpamException {
    Stored<Block> block = first;
    for (int i = 0; i < Retry.LIMIT && block != null; i++) {
      try {
        checkOwner(block.value(), work.owner, affinityCheck);
        take(work, block);
        return;
      } catch (IpamException e) {
        if (isFinal(e.error())) {
          throw e;
        }
        if (!(e.error() instanceof IpamError.Conflict)) {
          work.messages.add("Failed to assign IPs in newly allocated block");
          return;
        }
        block = finder.reread(block.value().cidr());
      }
    }
  }

  private void take(Work work, Stored<Block> block) throws IpamException {
    var cidr = block.value().cidr();
    int wanted = work.missing();
    var taken = BlockDraft.take(block.value(), wanted, work.request.owner(), work.reserved);
    if (taken.addresses().isEmpty()) {
      return;
    }
    // Calico counts what was wanted on the handle, not what the block had.
    write(block, taken.block(), work.request, wanted);
    for (var address : taken.addresses()) {
      work.assigned.add(new Assigned(address, cidr.length()));
    }
  }

  private void write(Stored<Block> block, Block changed, AssignRequest request, int count)
      throws IpamException {
    var cidr = changed.cidr();
    var handle = request.handle();
    if (handle != null) {
      handles.increment(handle, cidr, count, request.maxPerHandle());
    }
    try {
      blocks.update(block, changed);
    } catch (IpamException e) {
      if (handle != null) {
        handles.decrementLoggingFailure(handle, cidr, count);
      }
      throw e;
    }
  }

  /** What no other block can mend. */
  private static boolean isFinal(IpamError error) {
    return error instanceof IpamError.HandleLimit || error instanceof IpamError.Unavailable;
  }

  private void borrow(Work work, BlockFinder finder, List<IpPool> from) throws IpamException {
    var exhausted = new ArrayList<Prefix>();
    for (var pool : from) {
      var candidates = BlockSequence.of(pool, work.owner.name(), nanoTime);
      while (work.missing() > 0 && candidates.hasNext()) {
        var cidr = candidates.next();
        if (!work.reserved.covers(cidr)) {
          borrowFrom(work, finder, cidr);
        }
      }
      if (work.missing() > 0) {
        exhausted.add(pool.cidr());
      }
    }
    if (!exhausted.isEmpty()) {
      work.messages.add(
          exhausted.stream()
              .map(Prefix::toString)
              .collect(
                  java.util.stream.Collectors.joining(" ", "No IPs available in pools: [", "]")));
    }
  }

  private void borrowFrom(Work work, BlockFinder finder, Prefix cidr) throws IpamException {
    for (int i = 0; i < Retry.LIMIT; i++) {
      var block = finder.reread(cidr);
      if (block == null) {
        return;
      }
      try {
        take(work, block);
        return;
      } catch (IpamException e) {
        if (isFinal(e.error())) {
          throw e;
        }
        if (!(e.error() instanceof IpamError.Conflict)) {
          return;
        }
      }
    }
  }

  /**
   * What one address is assigned with.
   *
   * @param use what it is for; null for any
   * @param maxPerHandle how many addresses of the family the handle may have; 0 for any number
   */
  record Given(
      IpAddress address,
      String host,
      @Nullable String handle,
      Map<String, String> attributes,
      @Nullable HostReservation reservation,
      @Nullable IntendedUse use,
      int maxPerHandle) {}

  /** Assigns a given address, claiming its block if nobody has it. */
  void assignIp(Given given, IpamConfig config) throws IpamException {
    var address = given.address();
    var pool = pools.poolOf(address);
    if (pool == null) {
      // The line break is Calico's.
      throw new IpamException(
          new IpamError.Other("The provided IP address is not in a configured pool\n"));
    }
    var use = given.use();
    if (variant == IpamVariant.MASTER && use != null && !pool.allowedUses().contains(use)) {
      throw new IpamException(
          new IpamError.Other(
              "the IP pool of " + address + " does not allow the use " + use.text()));
    }
    if (hasAlready(given)) {
      return;
    }
    var owner = use == null ? BlockOwner.host(given.host()) : use.owner(given.host());
    var cidr = pool.blockOf(address.toPrefix());
    var attributes = new Block.Attributes(given.handle(), given.attributes());
    Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          var block = blocks.find(cidr);
          if (block == null) {
            block = claims.claim(claims.pending(owner, cidr), owner, cidr, given.reservation());
          }
          var before = block.value();
          checkOwner(before, owner, config.strictAffinity());
          int ordinal = before.ordinal(address);
          if (before.owner(ordinal) != null) {
            throw new IpamException(new IpamError.AlreadyExists(address.toString()));
          }
          assign(block, BlockDraft.assign(before, ordinal, attributes), given);
          return true;
        });
  }

  /** Calico counts again with each try, and takes that back only where it gives up. */
  private void assign(Stored<Block> block, Block changed, Given given) throws IpamException {
    var handle = given.handle();
    if (handle != null) {
      handles.increment(handle, changed.cidr(), 1, given.maxPerHandle());
    }
    try {
      blocks.update(block, changed);
    } catch (IpamException e) {
      if (handle != null && !(e.error() instanceof IpamError.Conflict)) {
        handles.decrementLoggingFailure(handle, changed.cidr(), 1);
      }
      throw e;
    }
  }

  /** True if a handle that may have no more has this very address. */
  private boolean hasAlready(Given given) throws IpamException {
    var handle = given.handle();
    if (handle == null || given.maxPerHandle() == 0) {
      return false;
    }
    var has = existing(handle, given.address().family());
    if (has.stream().anyMatch(a -> a.address().equals(given.address()))) {
      return true;
    }
    if (has.size() >= given.maxPerHandle()) {
      throw new IpamException(new IpamError.HandleLimit(handle, given.maxPerHandle()));
    }
    return false;
  }

  private List<Assigned> existing(String handle, IpFamily family) throws IpamException {
    var found = new ArrayList<Assigned>();
    try {
      for (var address : releaser.addressesOf(handle)) {
        var pool = pools.poolOf(address);
        if (address.family() == family) {
          found.add(new Assigned(address, pool == null ? family.bits() : pool.blockSize()));
        }
      }
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.NotExist)) {
        throw e;
      }
    }
    return found;
  }

  private static void checkOwner(Block block, BlockOwner owner, boolean strict)
      throws IpamException {
    if (!strict || block.isOwnedBy(owner)) {
      return;
    }
    throw new IpamException(
        new IpamError.Other(
            block.affinity() == null
                ? "Attempt to assign from block " + block.cidr() + " with no affinity"
                : "Block host affinity does not match"));
  }
}
