package dev.aviary.ipam;

import dev.aviary.ipam.Block.Attributes;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block as it stands in the store, which may be anything: somebody else wrote it.
 *
 * @param allocations per ordinal the index of its attributes, or null
 * @param sequence null if it has none
 */
public record BlockValue(
    Prefix cidr,
    @Nullable String affinity,
    @Nullable Instant claimTime,
    List<@Nullable Integer> allocations,
    List<Integer> unallocated,
    @Nullable List<Attributes> attributes,
    @Nullable Long sequence,
    Map<Integer, Long> sequences,
    Map<String, String> extras) {
  public BlockValue {
    allocations = new ArrayList<>(allocations);
    unallocated = List.copyOf(unallocated);
    attributes = attributes == null ? null : List.copyOf(attributes);
    sequences = Map.copyOf(sequences);
    extras = Map.copyOf(extras);
  }

  private int size() {
    int bits = cidr.family().bits() - cidr.length();
    return bits > 16 ? -1 : 1 << bits;
  }

  private List<Attributes> entries() {
    return attributes == null ? List.of() : attributes;
  }

  /** What {@code calicoctl ipam check} finds wrong with it; empty if nothing. */
  public Optional<String> fault(Instant now) {
    var used = new HashSet<Integer>();
    var ordinals = new HashSet<Integer>();
    if (allocations.size() != size()) {
      return Optional.of(
          "it has %d allocations, a /%d block has %s addresses"
              .formatted(allocations.size(), cidr.length(), size() < 0 ? "too many" : size() + ""));
    }
    for (int ordinal = 0; ordinal < allocations.size(); ordinal++) {
      var index = allocations.get(ordinal);
      if (index == null) {
        continue;
      }
      if (index < 0 || index >= entries().size()) {
        return Optional.of(
            "allocation %d indexes a nonexistent attribute %d".formatted(ordinal, index));
      }
      used.add(index);
      ordinals.add(ordinal);
    }
    for (int i = 0; i < entries().size(); i++) {
      if (!used.contains(i)) {
        return Optional.of(
            "attribute index %d exists but is not indexed by an allocation".formatted(i));
      }
      var released = entries().get(i).releasedAt();
      if (released != null && released.isAfter(now)) {
        return Optional.of(
            "attribute index %d has releasedAt in the future, suggesting clock skew".formatted(i));
      }
    }
    return queueFault(ordinals);
  }

  private Optional<String> queueFault(HashSet<Integer> taken) {
    var seen = new HashSet<Integer>();
    for (int ordinal : unallocated) {
      if (ordinal < 0 || ordinal >= allocations.size()) {
        return Optional.of(
            "ordinal %d appears in the Unallocated array but is out of the block"
                .formatted(ordinal));
      }
      if (!seen.add(ordinal)) {
        return Optional.of(
            "ordinal %d appears more than once in Unallocated array".formatted(ordinal));
      }
      if (taken.contains(ordinal)) {
        return Optional.of("ordinal %d is allocated but appears in Unallocated".formatted(ordinal));
      }
    }
    int sum = seen.size() + taken.size();
    return sum == size()
        ? Optional.empty()
        : Optional.of(
            "expected %d addresses in this block, but Unallocated (%d) + Allocated (%d) = %d"
                .formatted(size(), seen.size(), taken.size(), sum));
  }

  /**
   * The block to work with.
   *
   * @throws IllegalArgumentException if an address of it is neither free nor taken, or both
   */
  public Block toBlock() {
    // Entries without user and clocks that differ do no harm.
    var harmful =
        new BlockValue(
            cidr,
            affinity,
            claimTime,
            allocations,
            unallocated,
            attributes,
            null,
            Map.of(),
            Map.of());
    harmful
        .fault(Instant.MAX)
        .filter(fault -> !fault.startsWith("attribute index"))
        .or(() -> harmful.queueFault(takenOrdinals()))
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
    return new Block(
        cidr,
        affinity,
        claimTime,
        leases(),
        FreeQueue.of(unallocated.stream().mapToInt(Integer::intValue).toArray()),
        sequence == null ? Block.UNRECORDED : sequence,
        extras);
  }

  private Leases leases() {
    var entries = attributes;
    if (entries == null && sequences.isEmpty()) {
      return Leases.none(allocations.size());
    }
    var leases = entries == null ? Leases.none(allocations.size()).draft() : Leases.empty(size());
    var unused = new boolean[entries().size()];
    Arrays.fill(unused, true);
    for (int i = 0; i < allocations.size(); i++) {
      var index = allocations.get(i);
      if (index != null) {
        unused[index] = false;
        leases.put(i, new Leases.Lease(entries().get(index), index, number(i)));
      } else if (number(i) != Block.UNRECORDED) {
        leases.number(i, number(i));
      }
    }
    for (int i = 0; i < unused.length; i++) {
      leases.reserve(i);
      if (unused[i]) {
        leases.addUnused(new Leases.Lease(entries().get(i), i, Block.UNRECORDED));
      }
    }
    return leases.leases();
  }

  private long number(int ordinal) {
    var number = sequence == null ? null : sequences.get(ordinal);
    return number == null ? Block.UNRECORDED : number;
  }

  private HashSet<Integer> takenOrdinals() {
    var taken = new HashSet<Integer>();
    for (int i = 0; i < allocations.size(); i++) {
      if (allocations.get(i) != null) {
        taken.add(i);
      }
    }
    return taken;
  }
}
