package dev.aviary.ipam;

import dev.aviary.net.Prefix;
import io.vavr.collection.SortedMap;

/** How many addresses a caller's handle has in which block. */
public record Handle(SortedMap<Prefix, Integer> blocks) implements IpamObject {

  int count(Prefix block) {
    return blocks.get(block).getOrElse(0);
  }

  Handle plus(Prefix block, int count) {
    return new Handle(blocks.put(block, count(block) + count));
  }

  /** One entry less where the count comes to zero. */
  Handle minus(Prefix block, int count) {
    int left = count(block) - count;
    return new Handle(left == 0 ? blocks.remove(block) : blocks.put(block, left));
  }
}
