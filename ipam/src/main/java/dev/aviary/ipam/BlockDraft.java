package dev.aviary.ipam;

import dev.aviary.ipam.Block.Attributes;
import dev.aviary.net.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The next value of a block, as an assignment or a release makes it. */
final class BlockDraft {
  private final Block before;
  private final Leases.Draft leases;
  private FreeQueue queue;

  private BlockDraft(Block before) {
    this.before = before;
    this.leases = before.leases.draft();
    this.queue = before.queue;
  }

  private Block block() {
    return new Block(
        before.cidr,
        before.affinity,
        before.claimTime,
        leases.leases(),
        queue,
        before.sequence,
        before.extras);
  }

  /**
   * Takes up to {@code wanted} addresses from the front of the queue; reserved ones keep their
   * place.
   */
  static Block.Taken take(Block block, int wanted, Attributes owner, Reservations reserved) {
    var free = block.queue;
    var taken = new int[Math.min(wanted, free.size())];
    if (!reserved.overlaps(block.cidr)) {
      for (int i = 0; i < taken.length; i++) {
        taken[i] = free.get(i);
      }
      return taken(block, owner, taken, free.skip(taken.length));
    }
    int count = 0;
    for (int i = 0; i < free.size() && count < taken.length; i++) {
      if (!reserved.contains(block.address(free.get(i)))) {
        taken[count++] = free.get(i);
      }
    }
    var chosen = Arrays.copyOf(taken, count);
    var ascending = chosen.clone();
    Arrays.sort(ascending);
    return taken(
        block,
        owner,
        chosen,
        free.without(ordinal -> Arrays.binarySearch(ascending, ordinal) >= 0));
  }

  private static Block.Taken taken(Block block, Attributes owner, int[] taken, FreeQueue left) {
    if (taken.length == 0) {
      return new Block.Taken(block, List.of());
    }
    var draft = new BlockDraft(block);
    draft.queue = left;
    var lease = draft.leases.entry(owner, block.sequenceNumber());
    var addresses = new ArrayList<IpAddress>(taken.length);
    for (int ordinal : taken) {
      draft.leases.put(ordinal, lease);
      addresses.add(block.address(ordinal));
    }
    return new Block.Taken(draft.block(), addresses);
  }

  /** Takes the address at {@code ordinal}, which must be free. */
  static Block assign(Block block, int ordinal, Attributes owner) {
    var draft = new BlockDraft(block);
    draft.queue = block.queue.without(free -> free == ordinal);
    draft.leases.put(ordinal, draft.leases.entry(owner, block.sequenceNumber()));
    return draft.block();
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
    var wanted = new int[options.size()];
    int count = 0;
    var free = new ArrayList<IpAddress>();
    for (var option : options) {
      int ordinal = block.ordinal(option.address());
      option.check(block, ordinal);
      if (block.user(ordinal) == null) {
        free.add(option.address());
      } else {
        wanted[count++] = ordinal;
      }
    }
    var taken = Arrays.stream(wanted, 0, count).sorted().distinct().toArray();
    return new BlockDraft(block).release(taken, coolingSince, free);
  }

  /** Frees every address of {@code handle}, which both sides cut at the first carriage return. */
  static Block.Freed releaseByHandle(
      Block block, String handle, @Nullable Long sequence, @Nullable Instant coolingSince) {
    var taken = new int[1];
    int count = 0;
    var leases = block.leases;
    for (int i = leases.ofHandle(handle, 0); i >= 0; i = leases.ofHandle(handle, i + 1)) {
      if ((sequence == null || sequence == block.sequenceNumber(i)) && block.user(i) != null) {
        taken = count == taken.length ? Arrays.copyOf(taken, 2 * count) : taken;
        taken[count++] = i;
      }
    }
    return count == 0
        ? new Block.Freed(block, 0, Map.of(), List.of())
        : new BlockDraft(block).release(Arrays.copyOf(taken, count), coolingSince, List.of());
  }

  /** Frees the addresses at {@code taken}, ascending, each of which somebody has. */
  private Block.Freed release(
      int[] taken, @Nullable Instant coolingSince, List<IpAddress> alreadyFree) {
    if (taken.length == 0) {
      return new Block.Freed(before, 0, Map.of(), List.copyOf(alreadyFree));
    }
    var byHandle = Map.<String, Integer>of();
    Leases.Lease cooling = null;
    for (int ordinal : taken) {
      var user = before.user(ordinal);
      var handle = user == null ? null : Block.cut(user.handle());
      if (handle != null) {
        byHandle = plusOne(byHandle, handle);
      }
      if (coolingSince == null) {
        leases.remove(ordinal);
      } else {
        cooling =
            cooling == null
                ? leases.entry(Attributes.coolingSince(coolingSince), Block.UNRECORDED)
                : cooling;
        leases.put(ordinal, cooling.withSequence(before.leases.sequence(ordinal)));
      }
    }
    if (coolingSince == null) {
      queue = queue.plus(taken, taken.length);
    }
    leases.dropUnused();
    return new Block.Freed(block(), taken.length, byHandle, List.copyOf(alreadyFree));
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
        draft.leases.remove(ordinal);
        tail[count++] = ordinal;
      }
    }
    draft.queue = draft.queue.plus(tail, count);
    boolean dropped = draft.leases.dropUnused();
    return count > 0 || dropped ? draft.block() : block;
  }

  /** Changes who an address is recorded for; other addresses of the entry change with it. */
  static Block replaceEntry(Block block, int ordinal, Attributes changed) {
    var draft = new BlockDraft(block);
    draft.leases.replaceEntry(ordinal, changed);
    return draft.block();
  }
}
