package dev.aviary.kernel;

import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the neighbor table.
 *
 * @param mac the link-layer address; null while it is being asked for, or could not be found
 * @param since when it came into this state
 */
public record Neighbor(
    IpAddress address, String device, @Nullable MacAddress mac, State state, Instant since) {

  /** The NUD states. */
  public enum State {
    INCOMPLETE,
    REACHABLE,
    STALE,
    DELAY,
    PROBE,
    FAILED,
    NOARP,
    PERMANENT
  }

  /** True if packets can be sent to it. */
  public boolean isUsable() {
    return mac != null;
  }
}
