package dev.aviary.emulator.bird;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A protocol of a daemon's configuration.
 *
 * @param kind Static, Kernel, Device, Direct, BGP, Pipe or BFD
 * @param table of its only channel; {@code ---} where 2.0 says that there is none or may be more
 * @param state up, start, stop, down, wait
 * @param about state and error of a session, the tables of a pipe; empty for others
 * @param message why an operator stopped it
 * @param session what only a session has
 * @param channels what it exchanges routes through; in 1.6 one
 * @param pipe what only a pipe has
 */
record BirdProtocol(
    String name,
    String kind,
    String table,
    String state,
    Instant since,
    About about,
    String description,
    String message,
    Optional<BirdSession> session,
    List<BirdChannel> channels,
    Optional<BirdPipe> pipe) {
  BirdProtocol {
    channels = List.copyOf(channels);
  }

  /** The last column of its row. */
  record About(String state, String text) {
    static final About NOTHING = new About("", "");
  }

  boolean isDown() {
    return state.equals("down");
  }

  /** Where routes of it and for it go through; by family in 2.0. */
  Optional<BirdChannel> channel(String channel) {
    return channels.stream()
        .filter(each -> channel.isEmpty() || each.name().equals(channel))
        .findFirst();
  }

  String row(BirdTime time) {
    var info =
        about.state().isEmpty() ? about.text() : "%-14s%s".formatted(about.state(), about.text());
    var row =
        switch (time.dialect()) {
          case BIRD_1_6 -> "%-8s %-8s %-8s %-5s  %-10s  %s";
          case BIRD_2_0 -> "%-10s %-10s %-10s %-6s %-12s  %s";
        };
    return row.formatted(name, kind, table, state, time.brief(since), info);
  }
}
