package dev.aviary.ipam;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The free ordinals of a block in the order in which they will be handed out. Immutable; taking
 * from the front shares the array.
 */
final class FreeQueue {
  // Sixteen bits: no block that is read has more than 65,536 addresses.
  private final char[] ordinals;
  private final int head;

  private FreeQueue(char[] ordinals, int head) {
    this.ordinals = ordinals;
    this.head = head;
  }

  static FreeQueue of(int[] ordinals) {
    var queue = new char[ordinals.length];
    for (int i = 0; i < queue.length; i++) {
      queue[i] = (char) ordinals[i];
    }
    return new FreeQueue(queue, 0);
  }

  /** From {@code from} to just before {@code to}, ascending. */
  static FreeQueue range(int from, int to) {
    var queue = new char[Math.max(0, to - from)];
    for (int i = 0; i < queue.length; i++) {
      queue[i] = (char) (from + i);
    }
    return new FreeQueue(queue, 0);
  }

  int size() {
    return ordinals.length - head;
  }

  int get(int index) {
    return ordinals[head + index];
  }

  int[] toArray() {
    var found = new int[size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = get(i);
    }
    return found;
  }

  /** Without its first {@code count}. */
  FreeQueue skip(int count) {
    return new FreeQueue(ordinals, head + count);
  }

  /** Without those that are {@code unwanted}. */
  FreeQueue without(IntPredicate unwanted) {
    var left = new char[size()];
    int count = 0;
    for (int i = 0; i < size(); i++) {
      if (!unwanted.test(get(i))) {
        left[count++] = (char) get(i);
      }
    }
    return new FreeQueue(Arrays.copyOf(left, count), 0);
  }

  /** With the first {@code count} of {@code tail} behind. */
  FreeQueue plus(int[] tail, int count) {
    int size = size();
    var more = new char[size + count];
    System.arraycopy(ordinals, head, more, 0, size);
    for (int i = 0; i < count; i++) {
      more[size + i] = (char) tail[i];
    }
    return new FreeQueue(more, 0);
  }
}
