package dev.aviary.kernel.ipset;

import java.util.Arrays;

/** How many elements have a network of each length. */
final class LengthsInUse {
  private final int[] counts = new int[129];
  private int[] longestFirst = {};

  void add(int length) {
    if (counts[length]++ == 0) {
      longestFirst = Arrays.copyOf(longestFirst, longestFirst.length + 1);
      int i = longestFirst.length - 1;
      for (; i > 0 && longestFirst[i - 1] < length; i--) {
        longestFirst[i] = longestFirst[i - 1];
      }
      longestFirst[i] = length;
    }
  }

  void remove(int length) {
    if (--counts[length] == 0) {
      longestFirst = Arrays.stream(longestFirst).filter(each -> each != length).toArray();
    }
  }

  /** The lengths that some element has; not to be written to. */
  int[] longestFirst() {
    return longestFirst;
  }
}
