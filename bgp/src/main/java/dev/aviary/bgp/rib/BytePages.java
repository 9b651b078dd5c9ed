package dev.aviary.bgp.rib;

import java.util.Arrays;

/** A byte array that grows by pages, so that a table of a million is never copied to grow. */
final class BytePages {

  private byte[][] pages = {new byte[16]};

  byte get(int index) {
    return pages[index >>> IntPages.BITS][index & IntPages.MASK];
  }

  void set(int index, byte value) {
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
        pages[i] = new byte[IntPages.SIZE];
      }
    } else if ((index & IntPages.MASK) >= pages[page].length) {
      pages[page] = Arrays.copyOf(pages[page], IntPages.size(index & IntPages.MASK));
    }
  }
}
