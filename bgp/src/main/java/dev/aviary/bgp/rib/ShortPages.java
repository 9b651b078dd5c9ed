package dev.aviary.bgp.rib;

import java.util.Arrays;

/** A short array that grows by pages, so that a table of a million is never copied to grow. */
final class ShortPages {

  private short[][] pages = {new short[16]};

  short get(int index) {
    return pages[index >>> IntPages.BITS][index & IntPages.MASK];
  }

  void set(int index, short value) {
    pages[index >>> IntPages.BITS][index & IntPages.MASK] = value;
  }

  /** Makes room for {@code index}. */
  void reach(int index) {
    int page = index >>> IntPages.BITS;
    if (page >= pages.length) {
      int old = pages.length;
      pages = Arrays.copyOf(pages, page + 1);
      pages[old - 1] = Arrays.copyOf(pages[old - 1], IntPages.SIZE);
      for (int i = old; i <= page; i++) {
        pages[i] = new short[IntPages.SIZE];
      }
    } else if ((index & IntPages.MASK) >= pages[page].length) {
      pages[page] = Arrays.copyOf(pages[page], IntPages.size(index & IntPages.MASK));
    }
  }
}
