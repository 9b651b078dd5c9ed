package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdCounts.Updates;
import java.util.ArrayList;
import java.util.List;

/** What {@code show protocols all} says of a protocol below its row. */
final class BirdProtocolDetails {
  private final BirdProtocol protocol;
  private final BirdTime time;
  private final List<String> lines = new ArrayList<>();

  private BirdProtocolDetails(BirdProtocol protocol, BirdTime time) {
    this.protocol = protocol;
    this.time = time;
  }

  static void print(BirdProtocol protocol, BirdTime time, BirdReply reply) {
    var details = new BirdProtocolDetails(protocol, time);
    details.about();
    switch (time.dialect()) {
      case BIRD_1_6 -> {
        protocol.channels().forEach(channel -> details.channel(channel, "  "));
        protocol.session().ifPresent(details::session);
      }
      case BIRD_2_0 -> {
        protocol.session().ifPresent(details::session);
        protocol.pipe().ifPresent(details::pipe);
        for (var channel : protocol.channels()) {
          details.lines.add("  Channel " + channel.name());
          details.channel(channel, "    ");
        }
      }
    }
    details.lines.forEach(line -> reply.line("1006", line));
    reply.line("1006", "");
  }

  private void line(String indent, String name, Object value) {
    lines.add(indent + "%-16s".formatted(name + ":") + value);
  }

  private void about() {
    if (!protocol.description().isEmpty()) {
      line("  ", "Description", protocol.description());
    }
    if (!protocol.message().isEmpty()) {
      line("  ", "Message", protocol.message());
    }
  }

  private void channel(BirdChannel channel, String indent) {
    if (time.dialect() == BirdDialect.BIRD_2_0) {
      line(indent, "State", channel.state());
      line(indent, "Table", channel.table());
    }
    line(indent, "Preference", channel.preference());
    line(indent, "Input filter", channel.inputFilter());
    line(indent, "Output filter", channel.outputFilter());
    channel
        .recovery()
        .ifPresent(
            r ->
                lines.add(
                    indent
                        + "GR recovery:   "
                        + (r.pending() ? " pending" : "")
                        + (r.waiting() ? " waiting" : "")));
    for (var limit : channel.limits()) {
      line(indent, limit.kind() + " limit", limit.limit() + (limit.hit() ? " [HIT]" : ""));
      lines.add(indent + "  Action:       " + limit.action());
    }
    channel.counts().ifPresent(counts -> counts(counts, indent));
    if (!channel.neighborRestart().isEmpty()) {
      line(indent, "Neighbor GR", channel.neighborRestart());
    }
    if (!channel.nextHop().isEmpty()) {
      line(indent, "BGP Next hop", String.join(" ", channel.nextHop()));
    }
    channel.igp().forEach(igp -> lines.add(indent + igp.family() + " table: " + igp.table()));
  }

  private void counts(BirdCounts counts, String indent) {
    line(
        indent,
        "Routes",
        "%d imported, %s%d exported, %d preferred"
            .formatted(
                counts.imported(),
                counts.filtered().isPresent() ? counts.filtered().getAsLong() + " filtered, " : "",
                counts.exported(),
                counts.preferred()));
    changes(counts, indent, false);
  }

  private void changes(BirdCounts counts, String indent, boolean pipe) {
    lines.add(
        indent + "Route change stats:     received   rejected   filtered    ignored   accepted");
    changes(indent, "Import updates", counts.importUpdates(), true, true, true);
    changes(indent, "Import withdraws", counts.importWithdraws(), true, false, true);
    changes(indent, "Export updates", counts.exportUpdates(), true, true, pipe);
    changes(indent, "Export withdraws", counts.exportWithdraws(), pipe, false, pipe);
  }

  private void changes(
      String indent, String name, Updates of, boolean rejected, boolean filtered, boolean ignored) {
    lines.add(
        "%s  %-19s %s %s %s %s %s"
            .formatted(
                indent,
                name + ":",
                number(of.received(), true),
                number(of.rejected(), rejected),
                number(of.filtered(), filtered),
                number(of.ignored(), ignored),
                number(of.accepted(), true)));
  }

  private static String number(long number, boolean counted) {
    return counted ? "%10d".formatted(number) : "       ---";
  }

  private void pipe(BirdPipe pipe) {
    lines.add("  Channel main");
    line("    ", "Table", pipe.table());
    line("    ", "Peer table", pipe.peerTable());
    line("    ", "Import state", pipe.importState());
    line("    ", "Export state", pipe.exportState());
    line("    ", "Import filter", pipe.importFilter());
    line("    ", "Export filter", pipe.exportFilter());
    line(
        "  ",
        "Routes",
        "%d imported, %d exported".formatted(pipe.counts().imported(), pipe.counts().exported()));
    changes(pipe.counts(), "  ", true);
  }

  /** A line of a session, whose values stand two columns further right. */
  private void session(String name, Object value) {
    lines.add("    %-17s %s".formatted(name + ":", value));
  }

  private void session(BirdSession s) {
    lines.add("  BGP state:          " + s.state());
    session("Neighbor address", s.neighbor());
    session("Neighbor AS", s.neighborAs());
    boolean two = time.dialect() == BirdDialect.BIRD_2_0;
    if (two) {
      session("Local AS", s.localAs());
    }
    if (s.restarting()) {
      lines.add("    Neighbor graceful restart active");
    }
    s.restartTimer().ifPresent(left -> session("Restart timer", time.left(left) + "/-"));
    s.errorWait().ifPresent(timer -> session("Error wait", timer.print(time)));
    s.connectDelay().ifPresent(timer -> session("Connect delay", timer.print(time)));
    s.agreed().ifPresent(this::agreed);
    if (!s.lastError().isEmpty()) {
      session("Last error", s.lastError());
    }
  }

  private void agreed(BirdSession.Agreed agreed) {
    session("Neighbor ID", agreed.neighborId());
    if (time.dialect() == BirdDialect.BIRD_1_6) {
      session("Neighbor caps", agreed.neighborCaps());
    }
    capabilities("Local", agreed.local());
    capabilities("Neighbor", agreed.remote());
    session("Session", agreed.words());
    session("Source address", agreed.source());
    agreed.routeLimit().ifPresent(limit -> session("Route limit", limit));
    agreed.hold().ifPresent(timer -> session("Hold timer", timer.print(time)));
    agreed.keepalive().ifPresent(timer -> session("Keepalive timer", timer.print(time)));
  }

  private void capabilities(String whose, java.util.Optional<BirdCapabilities> capabilities) {
    capabilities.ifPresent(
        c -> {
          lines.add("    " + whose + " capabilities");
          lines.addAll(c.lines());
        });
  }
}
