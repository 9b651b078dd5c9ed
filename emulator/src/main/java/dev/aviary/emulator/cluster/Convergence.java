package dev.aviary.emulator.cluster;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the speakers of a cluster have nothing left to say to each other. Sessions with routers
 * outside are not looked at: they come and go as they like.
 *
 * @param missing the first thing that is still to come; empty if all is said and heard
 */
record Convergence(Optional<String> missing) {

  /**
   * Counts octets, not routes: what a filter or the loop check drops was heard all the same.
   *
   * @param views all speakers at one instant, each with all its decisions made
   */
  static Convergence of(Map<String, SpeakerView> views, StandIns standIns) {
    var speakers = new HashMap<IpAddress, SpeakerView>();
    for (var view : views.values()) {
      view.config().ipv4().ifPresent(address -> speakers.put(address, view));
      view.config().ipv6().ifPresent(address -> speakers.put(address, view));
    }
    for (var named : views.entrySet()) {
      for (var neighbor : named.getValue().neighbors()) {
        if (standIns.isEmulated(neighbor.address())) {
          var missing = missing(named.getKey(), named.getValue(), neighbor, speakers);
          if (missing.isPresent()) {
            return new Convergence(missing);
          }
        }
      }
    }
    return new Convergence(Optional.empty());
  }

  private static Optional<String> missing(
      String name, SpeakerView view, NeighborView neighbor, Map<IpAddress, SpeakerView> speakers) {
    if (!neighbor.state().equals("Established")) {
      return Optional.of(name + " to " + neighbor.name() + " is " + neighbor.state());
    }
    if (neighbor.traffic().pending()) {
      return Optional.of(name + " has more to tell to " + neighbor.name());
    }
    var other = Optional.ofNullable(speakers.get(neighbor.address()));
    return other.isPresent() && hasHeard(other.get(), view, neighbor.traffic().sent())
        ? Optional.empty()
        : Optional.of(neighbor.name() + " has not heard all that " + name + " has sent");
  }

  /** True if a session of {@code other} with {@code own} has taken in so many octets. */
  private static boolean hasHeard(SpeakerView other, SpeakerView own, long octets) {
    return other.neighbors().stream()
        .filter(
            back ->
                own.config().ipv4().filter(back.address()::equals).isPresent()
                    || own.config().ipv6().filter(back.address()::equals).isPresent())
        .filter(back -> back.state().equals("Established"))
        .anyMatch(back -> back.traffic().received() == octets);
  }

  boolean isReached() {
    return missing.isEmpty();
  }
}
