package dev.aviary.bgp;

import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.route.AfiSafi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a neighbor that sends more prefixes than it may (RFC 4486 §4, BIRD's limits). */
final class PrefixLimit {
  private static final Logger log = LoggerFactory.getLogger(PrefixLimit.class);

  private PrefixLimit() {}

  static void exceeded(BgpSpeaker speaker, Neighbor neighbor, AfiSafi family, int limit) {
    var maximum = neighbor.config().exchange().maximum().orElseThrow();
    var scheduler = speaker.scheduler();
    var cease =
        NotificationMessage.of(BgpError.MAXIMUM_PREFIXES, NeighborRoutes.limitData(family, limit));
    switch (maximum.action()) {
      case WARN ->
          log.warn(
              "{} {}: more than {} prefixes",
              speaker.config().name(),
              neighbor.config().name(),
              limit);
      case DISABLE -> scheduler.execute(() -> neighbor.stop(cease));
      case RESTART ->
          scheduler.execute(
              () -> {
                neighbor.stop(cease);
                scheduler.after(maximum.restartAfter(), () -> speaker.startAgain(neighbor));
              });
    }
  }
}
