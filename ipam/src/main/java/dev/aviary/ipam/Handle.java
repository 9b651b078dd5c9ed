package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many addresses a caller's handle has in which block.
 *
 * @param blocks in the order of the prefixes
 * @param extras members of the stored value that are not known, as JSON
 */
public record Handle(Map<Prefix, Integer> blocks, Map<String, String> extras)
    implements IpamObject {
  public Handle {
    // Nearly every handle has one address in one block.
    blocks =
        blocks.size() < 2 ? Map.copyOf(blocks) : Collections.unmodifiableMap(new TreeMap<>(blocks));
    extras = Map.copyOf(extras);
  }

  public Handle(Map<Prefix, Integer> blocks) {
    this(blocks, Map.of());
  }

  int count(Prefix block) {
    return blocks.getOrDefault(block, 0);
  }

  int total(IpFamily family) {
    int total = 0;
    for (var entry : blocks.entrySet()) {
      total += entry.getKey().family() == family ? entry.getValue() : 0;
    }
    return total;
  }

  Handle plus(Prefix block, int count) {
    var changed = new TreeMap<>(blocks);
    changed.merge(block, count, Integer::sum);
    return new Handle(changed, extras);
  }

  /** One entry less where the count comes to zero. */
  Handle minus(Prefix block, int count) {
    int left = count(block) - count;
    if (left == 0 && blocks.size() == 1) {
      return new Handle(Map.of(), extras);
    }
    var changed = new TreeMap<>(blocks);
    if (left == 0) {
      changed.remove(block);
    } else {
      changed.put(block, left);
    }
    return new Handle(changed, extras);
  }
}
