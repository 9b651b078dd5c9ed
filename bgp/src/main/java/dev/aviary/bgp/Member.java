package dev.aviary.bgp;

import dev.aviary.bgp.rib.AdjRibOut;
import dev.aviary.bgp.rib.Bits;
import dev.aviary.bgp.transport.Wire;
import org.jspecify.annotations.Nullable;

/** A neighbor as part of an {@link UpdateGroup}. */
final class Member {
  final Neighbor neighbor;
  final Wire wire;

  /** Prefixes that the group was told of and this member was not: they came from it. */
  Bits excluded = new Bits();

  /** What it was told while it is behind the group; null while it is level. */
  @Nullable AdjRibOut own;

  /** What it has still to be told: in this order first. */
  int[] queue = new int[0];

  int queued;
  final Bits pending = new Bits();

  /** Where the search for what is pending goes on. */
  private int cursor;

  /** Prefixes to withdraw from it alone in this round. */
  final IntList extra = new IntList();

  /** The places of this round's withdrawals that are not for it, in order. */
  final IntList skips = new IntList();

  /** In this round its withdrawals are not everybody's. */
  boolean differs;

  /** An End-of-RIB marker follows when it has caught up. */
  boolean endOfRib;

  /** Until it has caught up it is told again what it was told already. */
  boolean again;

  /** An end-of-refresh marker follows when it has caught up (RFC 7313). */
  boolean endOfRefresh;

  Member(Neighbor neighbor, Wire wire) {
    this.neighbor = neighbor;
    this.wire = wire;
  }

  int number() {
    return neighbor.number();
  }

  void endRound() {
    extra.clear();
    skips.clear();
    differs = false;
  }

  boolean isBehind() {
    return own != null;
  }

  /** The next prefix to be told of, -1 if it has caught up. */
  int takePending() {
    while (queued < queue.length) {
      int entry = queue[queued++];
      if (pending.clear(entry)) {
        return entry;
      }
    }
    queue = new int[0];
    queued = 0;
    int entry = pending.next(cursor);
    if (entry < 0 && cursor > 0) {
      entry = pending.next(0);
    }
    cursor = Math.max(0, entry);
    if (entry >= 0) {
      pending.clear(entry);
    }
    return entry;
  }
}
