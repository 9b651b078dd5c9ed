package dev.aviary.ipam;

import dev.aviary.ipam.Block.Attributes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block's attribute entries, immutable. The hash of each entry's handle stands in an array of its
 * own, so that a search looks at one line of memory and not at every entry.
 */
final class Entries {
  private final Attributes[] all;
  private final int[] hashes;

  private Entries(Attributes[] all, int[] hashes) {
    this.all = all;
    this.hashes = hashes;
  }

  static Entries of(List<Attributes> entries) {
    var all = entries.toArray(Attributes[]::new);
    var hashes = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      hashes[i] = hash(Block.cut(all[i].handle()));
    }
    return new Entries(all, hashes);
  }

  private static int hash(@Nullable String handle) {
    return handle == null ? 0 : handle.hashCode();
  }

  int size() {
    return all.length;
  }

  Attributes get(int index) {
    return all[index];
  }

  List<Attributes> list() {
    return Collections.unmodifiableList(Arrays.asList(all));
  }

  /** Where an equal entry is; -1 if nowhere. */
  int indexOf(Attributes owner) {
    int hash = hash(Block.cut(owner.handle()));
    for (int i = 0; i < hashes.length; i++) {
      if (hashes[i] == hash && all[i].equals(owner)) {
        return i;
      }
    }
    return -1;
  }

  /** Which are of {@code handle}; null if none. */
  boolean @Nullable [] ofHandle(String handle) {
    int hash = hash(handle);
    boolean[] found = null;
    for (int i = 0; i < hashes.length; i++) {
      if (hashes[i] == hash && handle.equals(Block.cut(all[i].handle()))) {
        found = found == null ? new boolean[hashes.length] : found;
        found[i] = true;
      }
    }
    return found;
  }

  Entries plus(Attributes owner) {
    int size = all.length;
    var more = Arrays.copyOf(all, size + 1);
    var moreHashes = Arrays.copyOf(hashes, size + 1);
    more[size] = owner;
    moreHashes[size] = hash(Block.cut(owner.handle()));
    return new Entries(more, moreHashes);
  }

  /** Those that are {@code used}, of which there are {@code count}. */
  Entries only(boolean[] used, int count) {
    var left = new Attributes[count];
    var leftHashes = new int[count];
    int to = 0;
    for (int i = 0; i < used.length; i++) {
      if (used[i]) {
        left[to] = all[i];
        leftHashes[to++] = hashes[i];
      }
    }
    return new Entries(left, leftHashes);
  }
}
