package dev.aviary.kernel;

import dev.aviary.kernel.route.Fib;
import dev.aviary.net.IpFamily;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One host's network stack, or one network namespace: a pod is a kernel of its own. */
public final class Kernel {
  private final String hostName;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Fib fib = new Fib();
  private final Sysctls sysctls = new Sysctls();
  private final NeighborTable neighbors;
  private final Links links;

  /**
   * A host with a loopback device and nothing else.
   *
   * @param clock what timeouts are measured by
   * @param random where ports and the choices of {@code statistic} come from
   */
  public Kernel(String hostName, InstantSource clock, RandomGenerator random) {
    this.hostName = hostName;
    this.clock = clock;
    this.random = random;
    this.neighbors = new NeighborTable(clock);
    this.links = new Links(this, fib, sysctls);
  }

  public String hostName() {
    return hostName;
  }

  public InstantSource clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  public Links links() {
    return links;
  }

  public Fib fib() {
    return fib;
  }

  public Sysctls sysctls() {
    return sysctls;
  }

  public NeighborTable neighbors() {
    return neighbors;
  }

  /**
   * Loads what {@code iptables-restore} reads, whole or not at all.
   *
   * @param noFlush true to keep what the text does not name
   */
  public void iptablesRestore(IpFamily family, String text, boolean noFlush)
      throws RestoreException {
    if (!text.isBlank()) {
      throw new RestoreException(1, "iptables-restore: tables are not there yet");
    }
  }

  /** Loads what {@code ipset restore} reads, whole or not at all. */
  public void ipsetRestore(String text) throws RestoreException {
    if (!text.isBlank()) {
      throw new RestoreException(1, "ipset: sets are not there yet");
    }
  }

  /** What {@code iptables-save} prints; one table only where {@code table} is named. */
  public String iptablesSave(IpFamily family, @Nullable String table) {
    return "";
  }

  /** What {@code ipset save} prints. */
  public String ipsetSave() {
    return "";
  }
}
