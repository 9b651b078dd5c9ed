package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.ConfigKey;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Blocks as the operations see them: cleaned up when they are read, counted when they are written.
 */
final class Blocks {
  private final IpamStore store;
  private final IpamVariant variant;
  private final LongSupplier nanoTime;

  Blocks(IpamStore store, IpamVariant variant, LongSupplier nanoTime) {
    this.store = store;
    this.variant = variant;
    this.nanoTime = nanoTime;
  }

  Instant now() {
    long nanos = nanoTime.getAsLong();
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }

  /** A block that {@code owner} claims now. */
  Block claimed(Prefix cidr, BlockOwner owner, @Nullable HostReservation reservation) {
    // A number that starts with the time makes one that is deleted and created again another one.
    return Block.create(
        cidr,
        owner.text(),
        reservation,
        variant == IpamVariant.MASTER ? now() : null,
        nanoTime.getAsLong());
  }

  @Nullable Stored<Block> find(Prefix cidr) throws IpamException {
    var found = store.find(new BlockKey(cidr), Block.class);
    return found == null ? null : cleaned(found);
  }

  /** The block of an affinity as it was read. */
  @Nullable Stored<Block> of(Stored<BlockAffinity> affinity) throws IpamException {
    var found = store.blockOf(affinity);
    return found == null ? null : cleaned(found);
  }

  Stored<Block> get(Prefix cidr) throws IpamException {
    return cleaned(store.get(new BlockKey(cidr), Block.class));
  }

  /** All blocks whose path starts with {@code prefix}, in the order of their keys. */
  List<Stored<Block>> list(String prefix) throws IpamException {
    var found = new ArrayList<Stored<Block>>();
    for (var stored : store.list(prefix, Block.class)) {
      found.add(cleaned(stored));
    }
    return found;
  }

  Stored<Block> update(Stored<Block> read, Block changed) throws IpamException {
    return store.update(read.key(), changed.counted(), read.revision());
  }

  void delete(Stored<Block> read) throws IpamException {
    store.delete(read.key(), read.revision());
  }

  private Stored<Block> cleaned(Stored<Block> stored) throws IpamException {
    if (variant != IpamVariant.MASTER || !stored.value().isCooling()) {
      return stored;
    }
    // The millisecond lets an age of zero free what was released just now.
    var latest = now().minus(coolDown()).plusMillis(1);
    return new Stored<>(
        stored.key(), BlockDraft.collect(stored.value(), latest), stored.revision());
  }

  /** What a released address is marked with; null if it is free at once. */
  @Nullable Instant coolingSince() throws IpamException {
    return variant == IpamVariant.MASTER && !coolDown().isZero() ? now() : null;
  }

  private Duration coolDown() throws IpamException {
    var config = store.find(new ConfigKey(), IpamConfig.class);
    return Duration.ofSeconds(config == null ? 0 : config.value().ipCooldownSeconds());
  }
}
