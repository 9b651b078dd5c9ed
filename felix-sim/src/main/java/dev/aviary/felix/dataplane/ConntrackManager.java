package dev.aviary.felix.dataplane;

import dev.aviary.kernel.Kernel;
import dev.aviary.net.Prefix;
import java.util.Collection;

/** Forgets the connections of workloads that are gone, so that a new one can't inherit them. */
public final class ConntrackManager {
  private final Kernel kernel;

  public ConntrackManager(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Deletes the flows that came from one of {@code gone}, and those that it answers. */
  public void forget(Collection<Prefix> gone) {
    if (gone.isEmpty()) {
      return;
    }
    kernel
        .conntrack()
        .delete(
            entry ->
                gone.stream()
                    .anyMatch(
                        prefix ->
                            prefix.contains(entry.original().source())
                                || prefix.contains(entry.reply().source())));
  }
}
