package dev.aviary.kernel.route;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From an IPv4 network to its routes: open addressing over ints, so a lookup allocates nothing. */
final class Ipv4Index {
  private int[] keys = new int[16];
  private @Nullable List<KernelRoute>[] values = array(16);
  private int used;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable List<KernelRoute>[] array(int size) {
    return new List[size];
  }

  private static int slot(int key, int size) {
    int hash = key * 0x9E3779B9;
    return (hash ^ (hash >>> 15)) & (size - 1);
  }

  @Nullable List<KernelRoute> get(int key) {
    for (int i = slot(key, keys.length); ; i = (i + 1) & (keys.length - 1)) {
      var value = values[i];
      if (value == null) {
        return null;
      }
      if (keys[i] == key) {
        return value.isEmpty() ? null : value;
      }
    }
  }

  /** A null value removes: the slot stays taken by an empty list until the next growth. */
  void put(int key, @Nullable List<KernelRoute> value) {
    if (used * 2 >= keys.length) {
      grow();
    }
    for (int i = slot(key, keys.length); ; i = (i + 1) & (keys.length - 1)) {
      if (values[i] == null) {
        if (value != null) {
          keys[i] = key;
          values[i] = value;
          used++;
        }
        return;
      }
      if (keys[i] == key) {
        values[i] = value == null ? List.of() : value;
        return;
      }
    }
  }

  private void grow() {
    var oldKeys = keys;
    var oldValues = values;
    int live = 0;
    for (var value : oldValues) {
      live += value == null || value.isEmpty() ? 0 : 1;
    }
    int size = Integer.highestOneBit(Math.max(8, live)) * 4;
    keys = new int[size];
    values = Arrays.copyOf(array(0), size);
    used = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      var value = oldValues[i];
      if (value != null && !value.isEmpty()) {
        put(oldKeys[i], value);
      }
    }
  }
}
