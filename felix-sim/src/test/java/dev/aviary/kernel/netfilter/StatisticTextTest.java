package dev.aviary.kernel.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** {@code -m statistic} as iptables 1.8.9 reads and prints it. */
class StatisticTextTest {
  private final Kernel kernel =
      new Kernel("n", InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));

  private void restore(String match) throws RestoreException {
    var rules = "*filter\n-A INPUT -m statistic %s -j ACCEPT\nCOMMIT\n".formatted(match);
    kernel.iptablesRestore(IpFamily.IPV4, rules, true);
  }

  @Test
  void nthHasItsPacketAlways() throws RestoreException {
    restore("--mode nth --every 3 --packet 0");
    assertThat(kernel.iptablesSave(IpFamily.IPV4, null))
        .contains("-A INPUT -m statistic --mode nth --every 3 --packet 0 -j ACCEPT\n");
  }

  @Test
  void nthWithoutItsPacketIsRefused() {
    assertThatThrownBy(() -> restore("--mode nth --every 3"))
        .isInstanceOf(RestoreException.class)
        .hasMessageContaining("statistic: option \"--every\" also requires \"--packet\".");
  }
}
