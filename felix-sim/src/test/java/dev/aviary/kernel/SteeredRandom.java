package dev.aviary.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Random numbers, but the choices of {@code -m statistic} can be told beforehand. */
final class SteeredRandom implements RandomGenerator {
  private final Random random;
  private final Deque<Boolean> hits = new ArrayDeque<>();

  SteeredRandom(long seed) {
    this.random = new Random(seed);
  }

  void steer(List<Integer> misses) {
    hits.clear();
    for (int count : misses) {
      for (int i = 0; i < count; i++) {
        hits.add(false);
      }
      hits.add(true);
    }
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  /** Ports are drawn where no scenario has one of its own. */
  @Override
  public int nextInt(int bound) {
    return bound == 65536 ? 61000 + random.nextInt(3000) : random.nextInt(bound);
  }

  /** Only the statistic match draws this way. */
  @Override
  public long nextLong(long bound) {
    var hit = hits.poll();
    if (hit == null) {
      return RandomGenerator.super.nextLong(bound);
    }
    return hit ? 0 : bound - 1;
  }
}
