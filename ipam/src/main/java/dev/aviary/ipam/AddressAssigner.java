package dev.aviary.ipam;

import dev.aviary.ipam.Assignment.Addresses;
import dev.aviary.ipam.Assignment.Assigned;
import dev.aviary.ipam.IpamKey.BlockKey;
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
  private final IpamInputs inputs;
  private final AffinityClaim claims;
  private final HandleLedger handles;
  private final PoolSelection pools;
  private final LongSupplier nanoTime;

  AddressAssigner(
      IpamStore store,
      IpamInputs inputs,
      AffinityClaim claims,
      HandleLedger handles,
      PoolSelection pools,
      LongSupplier nanoTime) {
    this.store = store;
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
    final List<Assigned> assigned = new ArrayList<>();
    final Set<String> messages = new LinkedHashSet<>();

    Work(AssignRequest request, IpFamily family, IpamConfig config) {
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
              family, request.host(), request.pools(family), request.reservation(family), use);
    } catch (IpamException e) {
      return new Result(null, e.error());
    }
    var work = new Work(request, family, config);
    var finder =
        new BlockFinder(
            store,
            claims,
            nanoTime,
            request.host(),
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
  private void takeFrom(Work work, BlockFinder finder, Stored<Block> first, boolean affinityCheck) {
    Stored<Block> block = first;
    for (int i = 0; i < Retry.LIMIT && block != null; i++) {
      try {
        if (affinityCheck) {
          checkOwner(block.value(), work.request.host());
        }
        take(work, block);
        return;
      } catch (IpamException e) {
        if (!(e.error() instanceof IpamError.Conflict)) {
          work.messages.add("Failed to assign IPs in newly allocated block");
          return;
        }
        block = finder.reread(block.value().cidr());
      }
    }
  }

  private static void checkOwner(Block block, String host) throws IpamException {
    if (block.affinity() == null) {
      throw new IpamException(
          new IpamError.Other(
              "Attempt to assign from block " + block.cidr() + " with no affinity"));
    }
    if (!block.isOwnedBy(host)) {
      throw new IpamException(
          new IpamError.Other(
              "Block affinity (%s) does not match provided (%s)"
                  .formatted(block.affinity(), host)));
    }
  }

  private void take(Work work, Stored<Block> block) throws IpamException {
    var cidr = block.value().cidr();
    var taken = block.value().take(work.missing(), work.request.owner(), work.reserved);
    if (taken.addresses().isEmpty()) {
      return;
    }
    write(block, taken.block(), work.request.handle(), taken.addresses().size());
    for (var address : taken.addresses()) {
      work.assigned.add(new Assigned(address, cidr.length()));
    }
  }

  private void write(Stored<Block> block, Block changed, @Nullable String handle, int count)
      throws IpamException {
    var cidr = changed.cidr();
    if (handle != null) {
      handles.increment(handle, cidr, count);
    }
    try {
      store.update(block.key(), changed, block.revision());
    } catch (IpamException e) {
      if (handle != null) {
        handles.decrementLoggingFailure(handle, cidr, count);
      }
      throw e;
    }
  }

  private void borrow(Work work, BlockFinder finder, List<IpPool> from) {
    var exhausted = new ArrayList<Prefix>();
    for (var pool : from) {
      var candidates = BlockSequence.of(pool, work.request.host(), nanoTime);
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

  private void borrowFrom(Work work, BlockFinder finder, Prefix cidr) {
    for (int i = 0; i < Retry.LIMIT; i++) {
      var block = finder.reread(cidr);
      if (block == null) {
        return;
      }
      try {
        take(work, block);
        return;
      } catch (IpamException e) {
        if (!(e.error() instanceof IpamError.Conflict)) {
          return;
        }
      }
    }
  }

  /** Assigns a given address, claiming its block if nobody has it. */
  void assignIp(
      IpAddress address,
      String host,
      @Nullable String handle,
      Map<String, String> attributes,
      @Nullable HostReservation reservation,
      IpamConfig config)
      throws IpamException {
    var pool = pools.poolOf(address);
    if (pool == null) {
      // The line break is Calico's.
      throw new IpamException(
          new IpamError.Other("The provided IP address is not in a configured pool\n"));
    }
    var cidr = pool.blockOf(address.toPrefix());
    var owner = new Block.Attributes(handle, attributes);
    Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          var block = store.find(new BlockKey(cidr), Block.class);
          if (block == null) {
            block = claimForAddress(host, cidr, reservation);
            if (block == null) {
              return null;
            }
          }
          var before = block.value();
          if (config.strictAffinity() && !before.isOwnedBy(host)) {
            throw new IpamException(new IpamError.Other("Block host affinity does not match"));
          }
          int ordinal = before.ordinal(address);
          if (before.owner(ordinal) != null) {
            throw new IpamException(new IpamError.AlreadyExists(address.toString()));
          }
          write(block, before.assign(ordinal, owner), handle, 1);
          return true;
        });
  }

  /** Null if another host was faster: its block is used on the next try. */
  private @Nullable Stored<Block> claimForAddress(
      String host, Prefix cidr, @Nullable HostReservation reservation) throws IpamException {
    try {
      return claims.claim(claims.pending(host, cidr), host, cidr, reservation);
    } catch (IpamException e) {
      if (e.error() instanceof IpamError.BlockClaimConflict) {
        return null;
      }
      throw e;
    }
  }
}
