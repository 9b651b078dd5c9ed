package dev.aviary.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class JitterPropertyTest {

  /** RFC 4271 §10: three quarters of a time to all of it. */
  @Property
  void takesOffAQuarterAtMost(@ForAll long seed, @ForAll int seconds) {
    var time = Duration.ofSeconds(Math.floorMod(seconds, 65536));
    var jitter = Jitter.quarter(new Random(seed));
    assertThat(jitter.shorten(time)).isBetween(time.multipliedBy(3).dividedBy(4), time);
  }
}
