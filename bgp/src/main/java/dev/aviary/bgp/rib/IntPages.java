package dev.aviary.bgp.rib;

import java.util.Arrays;

/** An int array that grows by pages, so that a table of a million is never copied to grow. */
final class IntPages {
  static final int BITS = 12;
  static final int SIZE = 1 << BITS;
  static final int MASK = SIZE - 1;
  private static final int FIRST = 16;

  private int[][] pages = {new int[FIRST]};

  int get(int index) {
    return pages[index >>> BITS][index & MASK];
  }

  void set(int index, int value) {
    pages[index >>> BITS][index & MASK] = value;
  }

  /** Makes room for {@code index}. */
  void reach(int index) {
    int page = index >>> BITS;
    if (page >= pages.length) {
      int old = pages.length;
      pages = Arrays.copyOf(pages, page + 1);
      pages[old - 1] = Arrays.copyOf(pages[old - 1], SIZE);
      for (int i = old; i <= page; i++) {
        pages[i] = new int[SIZE];
      }
    } else if ((index & MASK) >= pages[page].length) {
      pages[page] = Arrays.copyOf(pages[page], size(index & MASK));
    }
  }

  /** A power of two that {@code index} fits in; only a first page is smaller than whole. */
  static int size(int index) {
    return Math.max(FIRST, Integer.highestOneBit(index) << 1);
  }
}
