package dev.aviary.emulator.cluster;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the speakers of a cluster have nothing left to say to each other. Sessions with routers
 * outside are not looked at: they come and go as they like.
 */
final class Convergence {
  private final List<String> missing;

  private Convergence(List<String> missing) {
    this.missing = missing;
  }

  static Convergence of(Map<String, SpeakerView> views, StandIns standIns) {
    var missing = new ArrayList<String>();
    views.forEach(
        (name, view) -> {
          for (var neighbor : view.neighbors()) {
            if (!standIns.isEmulated(neighbor.address())) {
              continue;
            }
            if (!neighbor.state().equals("Established")) {
              missing.add(name + " to " + neighbor.name() + " is " + neighbor.state());
            } else if (exported(views, view, neighbor) != neighbor.imported()) {
              missing.add(
                  "%s has %d routes of %s".formatted(name, neighbor.imported(), neighbor.name()));
            }
          }
        });
    return new Convergence(missing);
  }

  /** How many routes the other end of {@code neighbor} has told us. */
  private static int exported(
      Map<String, SpeakerView> views, SpeakerView own, NeighborView neighbor) {
    for (var view : views.values()) {
      if (view.config().identifier().equals(own.config().identifier())) {
        continue;
      }
      for (var back : view.neighbors()) {
        boolean pair = is(view, neighbor.address()) && is(own, back.address());
        if (pair) {
          return back.exported();
        }
      }
    }
    return 0;
  }

  private static boolean is(SpeakerView view, IpAddress address) {
    return switch (address) {
      case Ipv4Address v4 -> view.config().ipv4().equals(Optional.of(v4));
      case Ipv6Address v6 -> view.config().ipv6().equals(Optional.of(v6));
    };
  }

  boolean isReached() {
    return missing.isEmpty();
  }

  /** The first thing that is missing. */
  String missing() {
    return missing.isEmpty() ? "nothing" : missing.getFirst();
  }
}
