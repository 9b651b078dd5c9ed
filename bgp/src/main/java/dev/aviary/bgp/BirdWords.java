package dev.aviary.bgp;

import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.Capability.AddPath;
import dev.aviary.bgp.message.Capability.GracefulRestart;
import dev.aviary.bgp.message.Capability.LongLivedGracefulRestart;
import dev.aviary.bgp.message.SessionOptions;
import java.util.ArrayList;
import java.util.List;

/** What BIRD 1.6.8 calls the things that two speakers agree on. */
final class BirdWords {
  private BirdWords() {}

  /** What the neighbor offered. */
  static String neighborCaps(SessionOptions options) {
    var words = new ArrayList<String>();
    if (options.peer(Capability.RouteRefresh.class).isPresent()) {
      words.add("refresh");
    }
    if (options.peer(Capability.EnhancedRefresh.class).isPresent()) {
      words.add("enhanced-refresh");
    }
    options
        .peer(GracefulRestart.class)
        .ifPresent(r -> words.add(r.families().isEmpty() ? "restart-aware" : "restart-able"));
    options
        .peer(LongLivedGracefulRestart.class)
        .ifPresent(r -> words.add(r.families().isEmpty() ? "llgr-aware" : "llgr-able"));
    if (options.peer(Capability.FourOctetAs.class).isPresent()) {
      words.add("AS4");
    }
    int mode =
        options.peer(AddPath.class).map(AddPath::families).orElse(List.of()).stream()
            .filter(f -> options.families().contains(f.family()))
            .mapToInt(AddPath.AddPathFamily::mode)
            .reduce(0, (a, b) -> a | b);
    if ((mode & AddPath.RECEIVE) != 0) {
      words.add("add-path-rx");
    }
    if ((mode & AddPath.SEND) != 0) {
      words.add("add-path-tx");
    }
    if (options.peer(Capability.ExtendedMessage.class).isPresent()) {
      words.add("ext-messages");
    }
    return String.join(" ", words);
  }

  /** What came of it. */
  static String session(NeighborConfig config, SessionOptions options) {
    var words = new ArrayList<String>();
    words.add(options.internal() ? "internal" : "external");
    if (config.exchange().multihop()) {
      words.add("multihop");
    }
    if (config.exchange().reflectorClient()) {
      words.add("route-reflector");
    }
    if (options.fourOctetAs()) {
      words.add("AS4");
    }
    if (!options.addPathReceive().isEmpty()) {
      words.add("add-path-rx");
    }
    if (!options.addPathSend().isEmpty()) {
      words.add("add-path-tx");
    }
    if (options.extendedMessage()) {
      words.add("ext-messages");
    }
    return String.join(" ", words);
  }
}
