package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.PathAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An array of shared attribute sets that grows by pages. */
final class AttributePages {
  private Page[] pages = {new Page(IntPages.size(0))};

  private static final class Page {
    private @Nullable PathAttributes[] sets;

    Page(int size) {
      sets = new @Nullable PathAttributes[size];
    }
  }

  PathAttributes get(int index) {
    var found = pages[index >>> IntPages.BITS].sets[index & IntPages.MASK];
    if (found == null) {
      throw new IllegalStateException("no path " + index);
    }
    return found;
  }

  void set(int index, @Nullable PathAttributes value) {
    pages[index >>> IntPages.BITS].sets[index & IntPages.MASK] = value;
  }

  void reach(int index) {
    int page = index >>> IntPages.BITS;
    if (page >= pages.length) {
      int old = pages.length;
      pages = Arrays.copyOf(pages, page + 1);
      pages[old - 1].sets = Arrays.copyOf(pages[old - 1].sets, IntPages.SIZE);
      for (int i = old; i <= page; i++) {
        pages[i] = new Page(IntPages.SIZE);
      }
    } else if ((index & IntPages.MASK) >= pages[page].sets.length) {
      pages[page].sets = Arrays.copyOf(pages[page].sets, IntPages.size(index & IntPages.MASK));
    }
  }
}
