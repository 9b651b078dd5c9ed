package dev.aviary.emulator.cluster;

import dev.aviary.ipam.GarbageCollector;
import dev.aviary.ipam.IpamException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What calico-kube-controllers does in a cluster: its node controller gives back what nodes that
 * are gone, and pods that nobody knows, have left in IPAM. All calls come on the cluster's loop.
 */
final class KubeControllers {
  /** How long an address must be nobody's; the default of KubeControllersConfiguration. */
  static final Duration LEAK_GRACE_PERIOD = Duration.ofMinutes(15);

  private static final Logger log = LoggerFactory.getLogger(KubeControllers.class);
  private final GarbageCollector collector;
  private final InstantSource clock;

  KubeControllers(Addressing addressing, GarbageCollector.View view, InstantSource clock) {
    this.collector =
        new GarbageCollector(addressing.ipam(), view, addressing.variant(), LEAK_GRACE_PERIOD);
    this.clock = clock;
  }

  /** How often they look although nothing has changed. */
  static Duration period() {
    return LEAK_GRACE_PERIOD.dividedBy(2);
  }

  /**
   * Looks, and releases what may go.
   *
   * @return true if anything went
   */
  boolean look() {
    try {
      var collected = collector.run(clock.instant());
      if (!collected.handles().isEmpty() || !collected.blocks().isEmpty()) {
        log.debug("released {} and blocks {}", collected.handles(), collected.blocks());
      }
      return !(collected.handles().isEmpty()
          && collected.blocks().isEmpty()
          && collected.nodes().isEmpty());
    } catch (IpamException e) {
      log.warn("IPAM is not cleaned up: {}", e.getMessage());
      return false;
    }
  }
}
