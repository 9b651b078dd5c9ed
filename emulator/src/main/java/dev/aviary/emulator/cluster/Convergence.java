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
 *
 * @param down the first session that is not up; empty if all are
 * @param untold the first that has not all the routes that the other end told, as far as numbers
 *     say; routes that a filter or the loop check drops never arrive
 * @param traffic what each session has taken in; while it stays the same, nobody talks
 */
record Convergence(Optional<String> down, Optional<String> untold, List<Long> traffic) {
  Convergence {
    traffic = List.copyOf(traffic);
  }

  static Convergence of(Map<String, SpeakerView> views, StandIns standIns) {
    Optional<String> down = Optional.empty();
    Optional<String> untold = Optional.empty();
    var traffic = new ArrayList<Long>();
    for (var named : views.entrySet()) {
      var view = named.getValue();
      for (var neighbor : view.neighbors()) {
        if (!standIns.isEmulated(neighbor.address())) {
          continue;
        }
        traffic.add(neighbor.counters().updatesIn());
        traffic.add((long) neighbor.exported());
        if (!neighbor.state().equals("Established")) {
          if (down.isEmpty()) {
            down =
                Optional.of(named.getKey() + " to " + neighbor.name() + " is " + neighbor.state());
          }
        } else if (untold.isEmpty() && exported(views, view, neighbor) != neighbor.imported()) {
          untold =
              Optional.of(
                  "%s has %d routes of %s"
                      .formatted(named.getKey(), neighbor.imported(), neighbor.name()));
        }
      }
    }
    return new Convergence(down, untold, traffic);
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

  /** All is told, and as much has arrived. */
  boolean isReached() {
    return down.isEmpty() && untold.isEmpty();
  }

  /** All sessions are up; what has not arrived may have been dropped. */
  boolean isUp() {
    return down.isEmpty();
  }

  /** The first thing that is missing. */
  String missing() {
    return down.or(() -> untold).orElse("nothing");
  }
}
