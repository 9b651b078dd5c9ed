package dev.aviary.emulator.cluster;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.message.BgpError;
import dev.aviary.emulator.cluster.SessionExplanation.Side;
import dev.aviary.emulator.cluster.SessionExplanation.Verdict;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a session that both sides have set up comes to, and the one cause of it. */
final class SessionCause {
  private SessionCause() {}

  /** What the two sides do not agree on; no session comes of any of it. */
  static List<String> differences(Side one, Side other) {
    var found = new ArrayList<String>();
    expects(one, other).ifPresent(found::add);
    expects(other, one).ifPresent(found::add);
    var there = one.peer().options();
    var back = other.peer().options();
    if (!there.password().equals(back.password())) {
      found.add("the passwords (MD5) differ");
    }
    if (one.peer().passive() && other.peer().passive()) {
      found.add("both wait to be dialled");
    }
    if (there.ttlSecurity().isPresent() != back.ttlSecurity().isPresent()) {
      found.add("only one side has TTL security");
    }
    return found;
  }

  private static Optional<String> expects(Side one, Side other) {
    var family = one.peer().address().family();
    long as =
        other
            .peer()
            .options()
            .localAs()
            .or(() -> other.node().bgp(family).flatMap(b -> b.plan()).map(plan -> plan.as()))
            .orElse(0L);
    return one.peer().as() == as
        ? Optional.empty()
        : Optional.of(
            "%s expects AS %d, %s is AS %d"
                .formatted(one.node().name(), one.peer().as(), other.node().name(), as));
  }

  /**
   * The cause that explains the most: what keeps packets away before what the sessions say of it.
   *
   * @param obstacle what keeps packets from one side or the other
   */
  static Verdict of(
      Side one,
      Side other,
      List<String> differences,
      Optional<String> obstacle,
      DateTimeFormatter time) {
    if (isUp(one.view()) && isUp(other.view())) {
      return new Verdict(
          true,
          obstacle
              .map(what -> "up, but nothing gets through: " + what)
              .orElse("up since " + time.format(one.view().since())));
    }
    var cause =
        disabled(one, other)
            .or(() -> differences.stream().findFirst())
            .or(() -> limit(one, other))
            .or(() -> obstacle.map(what -> "not reached: " + what))
            .or(() -> refused(one, other))
            .or(() -> refused(other, one))
            .or(() -> error(one.view()).map(text -> text + waits(one, other)))
            .or(() -> error(other.view()).map(text -> text + waits(one, other)));
    return Verdict.down(cause.map(text -> "down: " + text).orElse("not up yet: nothing failed"));
  }

  private static boolean isUp(NeighborView view) {
    return view.state().equals("Established");
  }

  private static Optional<String> disabled(Side one, Side other) {
    return limit(one, other).isPresent()
        ? Optional.empty()
        : List.of(one, other).stream()
            .filter(side -> side.view().protocolState().equals("down"))
            .map(side -> "disabled at " + side.node().name())
            .findFirst();
  }

  private static Optional<String> limit(Side one, Side other) {
    return limit(one.view().lastError(), one, other)
        .or(() -> limit(other.view().lastError(), other, one));
  }

  /** Who is told so has sent too much. */
  private static Optional<String> limit(String error, Side here, Side there) {
    if (!error.endsWith(BgpError.MAXIMUM_PREFIXES.text())) {
      return Optional.empty();
    }
    var teller = error.startsWith("Received: ") ? here : there;
    return Optional.of(teller.node().name() + " has told more prefixes than the other side takes");
  }

  private static Optional<String> refused(Side from, Side to) {
    return from.view().lastError().endsWith("Connection refused")
        ? Optional.of(
            "refused: nobody listens at %s port %d for %s"
                .formatted(to.node().name(), from.peer().dialPort(), from.node().name()))
        : Optional.empty();
  }

  private static Optional<String> error(NeighborView view) {
    return Optional.of(view.lastError()).filter(text -> !text.isEmpty());
  }

  private static String waits(Side one, Side other) {
    return List.of(one, other).stream()
        .filter(side -> side.view().errorWaitRemaining().compareTo(Duration.ZERO) > 0)
        .map(
            side ->
                "; %s tries again in %d s"
                    .formatted(
                        side.node().name(), side.view().errorWaitRemaining().toSeconds() + 1))
        .findFirst()
        .orElse("");
  }
}
