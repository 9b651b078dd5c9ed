package dev.aviary.emulator.bird;

import java.time.Instant;
import java.util.List;

/**
 * A row of {@code show protocols}.
 *
 * @param kind Static, Kernel, Device, Direct or BGP
 * @param state up, start or down
 * @param info state and error of a session, empty for others
 * @param session what only a session has in {@code show protocols all}
 */
record BirdProtocol(
    String name,
    String kind,
    String state,
    Instant since,
    String info,
    String description,
    String message,
    int preference,
    String inputFilter,
    String outputFilter,
    Counts counts,
    List<String> session) {

  /**
   * Routes and what became of changes. Those of an export are counted over the table as it is.
   *
   * @param offered routes of the table that were looked at
   * @param refused by the protocol itself: its own, and what the rules of iBGP keep back
   */
  record Counts(
      int imported,
      int exported,
      int preferred,
      long updates,
      long rejected,
      long filtered,
      long ignored,
      long accepted,
      long withdraws,
      long withdrawsIgnored,
      long offered,
      long refused,
      long kept) {
    static Counts own(int imported, int preferred) {
      return new Counts(imported, 0, preferred, imported, 0, 0, 0, imported, 0, 0, 0, 0, 0);
    }
  }

  boolean isDown() {
    return state.equals("down");
  }

  String row(BirdTime time) {
    return "%-8s %-8s %-8s %-5s  %-10s  %s"
        .formatted(name, kind, "master", state, time.brief(since), info);
  }

  void details(BirdReply reply) {
    if (!description.isEmpty()) {
      reply.line("1006", "  Description:    " + description);
    }
    if (!message.isEmpty()) {
      reply.line("1006", "  Message:        " + message);
    }
    reply.line("1006", "  Preference:     " + preference);
    reply.line("1006", "  Input filter:   " + inputFilter);
    reply.line("1006", "  Output filter:  " + outputFilter);
    if (!isDown()) {
      counts(reply);
    }
    session.forEach(line -> reply.line("1006", line));
    reply.line("1006", "");
  }

  private void counts(BirdReply reply) {
    var c = counts;
    reply.line(
        "1006",
        "  Routes:         %d imported, %d exported, %d preferred"
            .formatted(c.imported(), c.exported(), c.preferred()));
    reply.line(
        "1006", "  Route change stats:     received   rejected   filtered    ignored   accepted");
    reply.line(
        "1006",
        "    Import updates:     %10d %10d %10d %10d %10d"
            .formatted(c.updates(), c.rejected(), c.filtered(), c.ignored(), c.accepted()));
    reply.line(
        "1006",
        "    Import withdraws:   %10d %10d        --- %10d %10d"
            .formatted(
                c.withdraws(), 0, c.withdrawsIgnored(), c.withdraws() - c.withdrawsIgnored()));
    reply.line(
        "1006",
        "    Export updates:     %10d %10d %10d        --- %10d"
            .formatted(c.offered(), c.refused(), c.kept(), c.offered() - c.refused() - c.kept()));
    reply.line(
        "1006",
        "    Export withdraws:   %10d        ---        ---        --- %10d".formatted(0, 0));
  }
}
