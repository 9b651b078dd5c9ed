package dev.aviary.emulator.bird;

import dev.aviary.bgp.NeighborView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code show protocols all} says of a session beyond what it says of every protocol. */
final class BirdSessionLines {
  private BirdSessionLines() {}

  static List<String> of(NeighborView n, String ownAddress) {
    var lines = new ArrayList<String>();
    lines.add("  BGP state:          " + n.sessionState());
    lines.add("    Neighbor address: " + n.address());
    lines.add("    Neighbor AS:      " + n.as());
    if (n.restarting()) {
      lines.add("    Neighbor graceful restart active");
    }
    if (n.state().equals("Established")) {
      var options = n.options().orElseThrow();
      lines.add("    Neighbor ID:      " + options.peerIdentifier());
      lines.add("    Neighbor caps:    " + n.neighborCaps());
      lines.add("    Session:          " + n.sessionWords());
      lines.add("    Source address:   " + ownAddress);
      n.config()
          .exchange()
          .maximum()
          .ifPresent(
              m -> lines.add("    Route limit:      %d/%d".formatted(n.imported(), m.limit())));
      lines.add("    Hold timer:       " + timer(n.holdRemaining(), n.holdTime()));
      lines.add("    Keepalive timer:  " + timer(n.keepaliveRemaining(), n.keepaliveTime()));
    } else if (!n.errorWaitRemaining().isZero()) {
      lines.add("    Error wait:       " + timer(n.errorWaitRemaining(), n.errorWait()));
    }
    if (!n.lastError().isEmpty()) {
      lines.add("    Last error:       " + n.lastError());
    }
    return lines;
  }

  private static String timer(Duration left, Duration whole) {
    return (left.toMillis() + 500) / 1000 + "/" + whole.toSeconds();
  }
}
