package dev.aviary.bgp;

import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.GracefulRestartMode;
import dev.aviary.bgp.NeighborConfig.Offer;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The OPEN that a neighbor's configuration makes, with capabilities in BIRD's order. */
final class OpenOffer {
  private OpenOffer() {}

  /**
   * What is said first.
   *
   * @param plain leaves all capabilities out
   * @param restarting we have just restarted and kept our forwarding state
   */
  static OpenMessage open(
      NeighborConfig config,
      AsNumber as,
      BgpIdentifier identifier,
      Behavior behavior,
      boolean restarting,
      boolean plain) {
    int hold = (int) config.timers().hold().toSeconds();
    var offer = config.offer();
    return OpenMessage.of(
        as,
        hold,
        identifier,
        offer.capabilities() && !plain ? capabilities(offer, as, behavior, restarting) : List.of());
  }

  private static List<Capability> capabilities(
      Offer offer, AsNumber as, Behavior behavior, boolean restarting) {
    var list = new ArrayList<Capability>();
    var families = new TreeSet<>(offer.families());
    families.forEach(family -> list.add(new Capability.Multiprotocol(family)));
    if (offer.refresh()) {
      list.add(new Capability.RouteRefresh());
    }
    if (offer.extendedNextHop() && families.contains(AfiSafi.IPV4_UNICAST)) {
      list.add(
          new Capability.ExtendedNextHop(
              List.of(new Capability.ExtendedNextHop.Tuple(AfiSafi.IPV4_UNICAST, 2))));
    }
    if (offer.extendedMessage()) {
      list.add(new Capability.ExtendedMessage());
    }
    offer.role().ifPresent(role -> list.add(new Capability.Role(role)));
    if (offer.gracefulRestart() != GracefulRestartMode.OFF) {
      list.add(gracefulRestart(offer, families, behavior, restarting));
    }
    if (offer.fourOctetAs()) {
      list.add(new Capability.FourOctetAs(as));
    }
    if (offer.addPath() != AddPathMode.OFF) {
      int mode =
          switch (offer.addPath()) {
            case RECEIVE -> Capability.AddPath.RECEIVE;
            case SEND -> Capability.AddPath.SEND;
            case BOTH, OFF -> Capability.AddPath.RECEIVE | Capability.AddPath.SEND;
          };
      list.add(
          new Capability.AddPath(
              families.stream().map(f -> new Capability.AddPath.AddPathFamily(f, mode)).toList()));
    }
    if (offer.enhancedRefresh()) {
      list.add(new Capability.EnhancedRefresh());
    }
    if (offer.longLived() && offer.gracefulRestart() != GracefulRestartMode.OFF) {
      list.add(longLived(offer, families, restarting));
    }
    return list;
  }

  private static Capability gracefulRestart(
      Offer offer, Set<AfiSafi> families, Behavior behavior, boolean restarting) {
    boolean able = offer.gracefulRestart() == GracefulRestartMode.ABLE;
    // BIRD 1.6.8 says no time if it only helps.
    int time = able || behavior != Behavior.BIRD_16 ? (int) offer.restartTime().toSeconds() : 0;
    return new Capability.GracefulRestart(
        able && restarting,
        offer.notificationRestart(),
        time,
        able
            ? families.stream()
                .map(f -> new Capability.GracefulRestart.RestartFamily(f, restarting))
                .toList()
            : List.of());
  }

  private static Capability longLived(Offer offer, Set<AfiSafi> families, boolean restarting) {
    int time = (int) offer.staleTime().toSeconds();
    return new Capability.LongLivedGracefulRestart(
        time == 0
            ? List.of()
            : families.stream()
                .map(
                    f ->
                        new Capability.LongLivedGracefulRestart.LongLivedFamily(
                            f, restarting, time))
                .toList());
  }
}
