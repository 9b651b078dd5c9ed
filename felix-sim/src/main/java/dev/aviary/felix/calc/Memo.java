package dev.aviary.felix.calc;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Results of a function for arguments that come again and again. What was not asked for between two
 * sweeps is dropped.
 */
final class Memo<K, V> {
  private Map<K, V> before = Map.of();
  private Map<K, V> now = new HashMap<>();

  /** What {@code function} makes of {@code key}, now or at an earlier time. */
  V get(K key, Function<? super K, ? extends V> function) {
    var known = now.get(key);
    if (known != null) {
      return known;
    }
    var earlier = before.get(key);
    V value = earlier != null ? earlier : function.apply(key);
    now.put(key, value);
    return value;
  }

  void sweep() {
    before = now;
    now = new HashMap<>(before.size() * 2);
  }
}
