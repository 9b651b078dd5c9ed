package dev.aviary.kernel.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A change of tables is whole or nothing, and costs what changes. */
class TransactionTest {
  private final Kernel kernel =
      new Kernel("n", InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));

  private void restore(String... lines) throws RestoreException {
    kernel.iptablesRestore(IpFamily.IPV4, String.join("\n", lines) + "\n", true);
  }

  private List<String> saved() {
    return kernel
        .iptablesSave(IpFamily.IPV4, null)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @Test
  void aRefusedRestoreLeavesNoTable() {
    assertThatThrownBy(() -> restore("*nat", ":A - [0:0]", "-A A -j NOWHERE", "COMMIT"))
        .isInstanceOf(RestoreException.class);
    assertThat(kernel.netfilter(IpFamily.IPV4).tableNames()).isEmpty();
    assertThat(saved()).isEmpty();
  }

  @Test
  void aRefusedSecondTableTakesTheFirstBack() throws RestoreException {
    restore("*filter", ":A - [0:0]", "-A FORWARD -j A", "COMMIT");
    var before = saved();
    assertThatThrownBy(
            () -> restore("*filter", "-F FORWARD", "-X A", "COMMIT", "*nat", "-A B", "COMMIT"))
        .isInstanceOf(RestoreException.class);
    assertThat(saved()).isEqualTo(before);
  }

  @Test
  void aRefusedRestoreZeroesNoCounters() throws RestoreException {
    restore("*filter", "[7:700] -A FORWARD -j ACCEPT", "COMMIT");
    assertThatThrownBy(() -> restore("*filter", "-Z", "-A B", "COMMIT"))
        .isInstanceOf(RestoreException.class);
    assertThat(kernel.iptablesSave(IpFamily.IPV4, TableName.FILTER, true))
        .contains("[7:700] -A FORWARD -j ACCEPT");
    restore("*filter", "-Z", "COMMIT");
    assertThat(kernel.iptablesSave(IpFamily.IPV4, TableName.FILTER, true))
        .contains("[0:0] -A FORWARD -j ACCEPT");
  }

  @Test
  void aLoopThroughAnOldChainIsFound() throws RestoreException {
    restore(
        "*filter", ":A - [0:0]", ":B - [0:0]", ":C - [0:0]", "-A A -j B", "-A B -j C", "COMMIT");
    var before = saved();
    assertThatThrownBy(() -> restore("*filter", "-A C -j A", "COMMIT"))
        .isInstanceOf(RestoreException.class);
    assertThat(saved()).isEqualTo(before);
    restore("*filter", "-F A", "-A C -j A", "COMMIT");
    assertThatThrownBy(() -> restore("*filter", "-A A -j B", "COMMIT"))
        .isInstanceOf(RestoreException.class);
  }

  @Test
  void aChainOfJumpsMayBeLong() throws RestoreException {
    var text = new StringBuilder("*filter\n");
    int length = 5000;
    for (int i = 0; i < length; i++) {
      text.append(":C").append(i).append(" - [0:0]\n");
    }
    for (int i = 1; i < length; i++) {
      text.append("-A C").append(i - 1).append(" -j C").append(i).append('\n');
    }
    restore(text.append("COMMIT").toString());
    assertThatThrownBy(() -> restore("*filter", "-A C" + (length - 1) + " -j C0", "COMMIT"))
        .isInstanceOf(RestoreException.class);
  }

  @Test
  void chainsInUseStay() throws RestoreException {
    restore("*filter", ":A - [0:0]", "-A FORWARD -j A", "COMMIT");
    assertThatThrownBy(() -> restore("*filter", "-X A", "COMMIT"))
        .isInstanceOf(RestoreException.class);
    restore("*filter", "-D FORWARD -j A", "-X A", "COMMIT");
    assertThat(kernel.netfilter(IpFamily.IPV4).hasChain(TableName.FILTER, "A")).isFalse();
  }

  @Test
  void onlyWhatChangedIsNamed() throws RestoreException {
    restore("*filter", ":A - [0:0]", ":B - [0:0]", "-A FORWARD -j A", "COMMIT");
    var netfilter = kernel.netfilter(IpFamily.IPV4);
    long version = netfilter.version(TableName.FILTER);
    restore("*filter", "-A B -j ACCEPT", "COMMIT");
    assertThat(netfilter.chainsChangedSince(TableName.FILTER, version)).containsExactly("B");
  }
}
