package dev.aviary.kernel.netfilter;

import java.time.InstantSource;

/** {@code -m limit}: tokens come at the rate and are kept up to the burst. */
final class TokenBucket implements Condition {
  private final InstantSource clock;
  private final double millisPerToken;
  private final int burst;
  private double tokens;
  private long last;

  TokenBucket(Match.Limit limit, InstantSource clock) {
    this.clock = clock;
    double unit =
        switch (limit.unit()) {
          case "sec" -> 1000.0;
          case "min" -> 60_000.0;
          case "hour" -> 3_600_000.0;
          default -> 86_400_000.0;
        };
    this.millisPerToken = unit / limit.rate();
    this.burst = limit.burst();
    this.tokens = burst;
    this.last = clock.millis();
  }

  @Override
  public boolean matches(Skb skb) {
    long now = clock.millis();
    tokens = Math.min(burst, tokens + (now - last) / millisPerToken);
    last = now;
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }
}
