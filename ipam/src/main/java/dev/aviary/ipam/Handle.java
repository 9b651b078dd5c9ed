package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import io.vavr.collection.SortedMap;
import java.util.Map;

/**
 * How many addresses a caller's handle has in which block.
 *
 * @param extras members of the stored value that are not known, as JSON
 */
public record Handle(SortedMap<Prefix, Integer> blocks, Map<String, String> extras)
    implements IpamObject {
  public Handle {
    extras = Map.copyOf(extras);
  }

  public Handle(SortedMap<Prefix, Integer> blocks) {
    this(blocks, Map.of());
  }

  int count(Prefix block) {
    return blocks.get(block).getOrElse(0);
  }

  int total(IpFamily family) {
    int total = 0;
    for (var entry : blocks) {
      total += entry._1.family() == family ? entry._2 : 0;
    }
    return total;
  }

  Handle plus(Prefix block, int count) {
    return new Handle(blocks.put(block, count(block) + count), extras);
  }

  /** One entry less where the count comes to zero. */
  Handle minus(Prefix block, int count) {
    int left = count(block) - count;
    return new Handle(left == 0 ? blocks.remove(block) : blocks.put(block, left), extras);
  }
}
