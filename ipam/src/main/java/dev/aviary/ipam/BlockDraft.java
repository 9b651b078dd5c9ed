package dev.aviary.ipam;

import dev.aviary.ipam.Block.Attributes;
import dev.aviary.net.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The next value of a block: arrays of its own, until {@link #block}. */
final class BlockDraft {
  private final Block before;
  private final int[] allocations;
  private int[] queue;
  private @Nullable Entries entries;
  private long @Nullable [] sequences;

  BlockDraft(Block before) {
    this.before = before;
    this.allocations = before.allocations.clone();
    this.queue = before.unallocated;
    this.entries = before.entries;
    this.sequences = before.sequences == null ? null : before.sequences.clone();
  }

  private Block block() {
    return new Block(
        before.cidr,
        before.affinity,
        before.claimTime,
        allocations,
        queue,
        entries,
        before.sequence,
        sequences,
        before.extras);
  }

  /**
   * Takes up to {@code wanted} addresses from the front of the queue; reserved ones keep their
   * place.
   */
  static Block.Taken take(Block block, int wanted, Attributes owner, Reservations reserved) {
    var free = block.unallocated;
    if (!reserved.overlaps(block.cidr)) {
      int count = Math.min(wanted, free.length);
      return taken(
          block, owner, Arrays.copyOf(free, count), Arrays.copyOfRange(free, count, free.length));
    }
    var taken = new int[Math.min(wanted, free.length)];
    var left = new int[free.length];
    int takenCount = 0;
    int leftCount = 0;
    for (int ordinal : free) {
      if (takenCount == wanted || reserved.contains(block.address(ordinal))) {
        left[leftCount++] = ordinal;
      } else {
        taken[takenCount++] = ordinal;
      }
    }
    return taken(block, owner, Arrays.copyOf(taken, takenCount), Arrays.copyOf(left, leftCount));
  }

  private static Block.Taken taken(Block block, Attributes owner, int[] taken, int[] left) {
    if (taken.length == 0) {
      return new Block.Taken(block, List.of());
    }
    var draft = new BlockDraft(block);
    draft.queue = left;
    int entry = draft.entry(owner);
    var addresses = new ArrayList<IpAddress>(taken.length);
    for (int ordinal : taken) {
      draft.allocate(ordinal, entry);
      addresses.add(block.address(ordinal));
    }
    return new Block.Taken(draft.block(), addresses);
  }

  /** Takes the address at {@code ordinal}, which must be free. */
  static Block assign(Block block, int ordinal, Attributes owner) {
    var draft = new BlockDraft(block);
    draft.queue = Arrays.stream(block.unallocated).filter(free -> free != ordinal).toArray();
    draft.allocate(ordinal, draft.entry(owner));
    return draft.block();
  }

  private int entry(Attributes owner) {
    if (entries == null) {
      entries = Entries.of(List.of(owner));
      return 0;
    }
    int entry = entries.indexOf(owner);
    if (entry >= 0) {
      return entry;
    }
    entries = entries.plus(owner);
    return entries.size() - 1;
  }

  private void allocate(int ordinal, int entry) {
    allocations[ordinal] = entry;
    if (sequences == null) {
      sequences = new long[allocations.length];
      Arrays.fill(sequences, Block.UNRECORDED);
    }
    sequences[ordinal] = before.sequenceNumber();
  }

  /**
   * Frees those of {@code options} that are taken, in ascending order.
   *
   * @param coolingSince null to free at once; else they stay allocated from then on
   * @throws IpamException with {@link IpamError.OutOfDate} if one names another handle or number;
   *     nothing is freed then
   */
  static Block.Freed release(
      Block block, List<ReleaseOption> options, @Nullable Instant coolingSince)
      throws IpamException {
    var wanted = new boolean[block.size()];
    var free = new ArrayList<IpAddress>();
    for (var option : options) {
      int ordinal = block.ordinal(option.address());
      option.check(block, ordinal);
      if (block.user(ordinal) == null) {
        free.add(option.address());
      }
      wanted[ordinal] = true;
    }
    return new BlockDraft(block).release(ordinal -> wanted[ordinal], coolingSince, free);
  }

  /** Frees every address of {@code handle}, which both sides cut at the first carriage return. */
  static Block.Freed releaseByHandle(
      Block block, String handle, @Nullable Long sequence, @Nullable Instant coolingSince) {
    var entries = block.entries;
    var wanted = entries == null ? null : entries.ofHandle(handle);
    if (wanted == null) {
      return new Block.Freed(block, 0, Map.of(), List.of());
    }
    var allocations = block.allocations;
    return new BlockDraft(block)
        .release(
            ordinal ->
                allocations[ordinal] != Block.FREE
                    && wanted[allocations[ordinal]]
                    && (sequence == null || sequence == block.sequenceNumber(ordinal)),
            coolingSince,
            List.of());
  }

  private Block.Freed release(
      IntPredicate wanted, @Nullable Instant coolingSince, List<IpAddress> alreadyFree) {
    var byHandle = Map.<String, Integer>of();
    var tail = new int[allocations.length];
    int count = 0;
    int cooling = -1;
    for (int ordinal = 0; ordinal < allocations.length; ordinal++) {
      if (allocations[ordinal] == Block.FREE || !wanted.test(ordinal)) {
        continue;
      }
      var user = before.user(ordinal);
      if (user == null) {
        continue;
      }
      var handle = Block.cut(user.handle());
      if (handle != null) {
        byHandle = plusOne(byHandle, handle);
      }
      if (coolingSince == null) {
        free(ordinal);
        tail[count] = ordinal;
      } else {
        cooling = cooling < 0 ? entry(Attributes.coolingSince(coolingSince)) : cooling;
        allocations[ordinal] = cooling;
      }
      count++;
    }
    if (count == 0) {
      return new Block.Freed(before, 0, Map.of(), List.copyOf(alreadyFree));
    }
    if (coolingSince == null) {
      append(tail, count);
    }
    compact();
    return new Block.Freed(block(), count, byHandle, List.copyOf(alreadyFree));
  }

  /** Nearly always it is one handle. */
  private static Map<String, Integer> plusOne(Map<String, Integer> counts, String handle) {
    if (counts.isEmpty()) {
      return Map.of(handle, 1);
    }
    if (counts.size() == 1 && counts.containsKey(handle)) {
      return Map.of(handle, counts.getOrDefault(handle, 0) + 1);
    }
    var more = new TreeMap<>(counts);
    more.merge(handle, 1, Integer::sum);
    return more;
  }

  private void free(int ordinal) {
    allocations[ordinal] = Block.FREE;
    if (sequences != null) {
      sequences[ordinal] = Block.UNRECORDED;
    }
  }

  private void append(int[] tail, int count) {
    int length = queue.length;
    queue = Arrays.copyOf(queue, length + count);
    System.arraycopy(tail, 0, queue, length, count);
  }

  /**
   * Frees what was released before {@code latest} and drops entries without user; the same block if
   * there are none.
   */
  static Block collect(Block block, Instant latest) {
    var draft = new BlockDraft(block);
    var tail = new int[block.size()];
    int count = 0;
    for (int ordinal = 0; ordinal < tail.length; ordinal++) {
      var owner = block.owner(ordinal);
      var released = owner == null ? null : owner.releasedAt();
      if (released != null && released.isBefore(latest)) {
        draft.free(ordinal);
        tail[count++] = ordinal;
      }
    }
    draft.append(tail, count);
    boolean dropped = draft.compact();
    return count > 0 || dropped ? draft.block() : block;
  }

  /** Changes who an address is recorded for; other addresses of the entry change with it. */
  static Block replaceEntry(Block block, int ordinal, Attributes changed) {
    var draft = new BlockDraft(block);
    var entries = new ArrayList<>(block.attributes());
    entries.set(block.allocations[ordinal], changed);
    draft.entries = Entries.of(entries);
    return draft.block();
  }

  /** Drops the attribute entries that nobody uses any more; later ones move down. */
  private boolean compact() {
    var all = entries;
    if (all == null) {
      return false;
    }
    var used = new boolean[all.size()];
    for (int entry : allocations) {
      if (entry != Block.FREE) {
        used[entry] = true;
      }
    }
    var renumbered = new int[used.length];
    int kept = 0;
    for (int i = 0; i < used.length; i++) {
      renumbered[i] = kept;
      kept += used[i] ? 1 : 0;
    }
    if (kept == used.length) {
      return false;
    }
    for (int i = 0; i < allocations.length; i++) {
      if (allocations[i] != Block.FREE) {
        allocations[i] = renumbered[allocations[i]];
      }
    }
    entries = all.only(used, kept);
    return true;
  }
}
