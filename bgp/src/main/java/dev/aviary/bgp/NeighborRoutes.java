package dev.aviary.bgp;

import dev.aviary.bgp.message.Capability.GracefulRestart;
import dev.aviary.bgp.message.Capability.LongLivedGracefulRestart;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.Verdict;
import dev.aviary.bgp.rib.LocRib;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.Octets;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.PrefixVisitor;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.session.SessionFault;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The routes of one neighbor on their way into the Loc-RIB, and what keeps or drops them there. */
final class NeighborRoutes {
  private final Neighbor neighbor;
  private final BgpSpeaker speaker;
  private final int number;
  private final ImportRules rules;
  private Policy policy;
  private boolean acceptsAll;
  private final AttributesBuilder builder = new AttributesBuilder();
  private final Set<AfiSafi> disabled = new HashSet<>();
  private Set<AfiSafi> families = Set.of();
  private final List<Scheduler.Task> longStaleTimers = new ArrayList<>();
  private List<LongLivedGracefulRestart.LongLivedFamily> staleFamilies = List.of();
  private @Nullable SessionOptions lastOptions;
  private Scheduler.@Nullable Task restartTimer;
  private long updates;
  private long rejected;
  private long filtered;
  private long ignored;
  private long accepted;
  private long withdraws;
  private long withdrawsIgnored;

  NeighborRoutes(Neighbor neighbor, BgpSpeaker speaker, int number, ImportRules rules) {
    this.neighbor = neighbor;
    this.speaker = speaker;
    this.number = number;
    this.rules = rules;
    this.policy = NeighborFacts.importPolicy(neighbor);
    this.acceptsAll = policy.acceptsAll();
  }

  // ---- the session comes and goes

  void up(SessionOptions options) {
    disabled.clear();
    lastOptions = options;
    families = options.families();
    stopRestartTimer(); // RFC 4724 §4.2: it is back in time; the rest is for End-of-RIB
    // RFC 4724 §4.2: stale routes of families whose forwarding state it did not keep go at once.
    var restart = options.peer(GracefulRestart.class);
    for (var family : speaker.families()) {
      boolean kept =
          restart.isPresent()
              && options.families().contains(family)
              && restart.get().families().stream()
                  .anyMatch(f -> f.family().equals(family) && f.forwarding());
      if (!kept) {
        speaker.rib(family).withdrawAll(number, LocRib.STALE);
      }
    }
  }

  void down(Optional<SessionFault> why) {
    var options = lastOptions;
    lastOptions = null;
    boolean helps =
        options != null && why.isPresent() && isLoss(why.get(), options) && helpsRestart(options);
    if (!helps || options == null) {
      forgetAll();
      return;
    }
    var restart = options.peer(GracefulRestart.class).orElseThrow();
    for (var family : speaker.families()) {
      boolean kept = restart.families().stream().anyMatch(f -> f.family().equals(family));
      if (kept) {
        // A second restart before the first was over: what is still stale goes (RFC 4724 §4.2).
        speaker.rib(family).withdrawAll(number, LocRib.STALE);
        speaker.rib(family).flag(number, LocRib.STALE);
      } else {
        speaker.rib(family).withdrawAll(number);
      }
    }
    stopTimers();
    staleFamilies =
        options
            .peer(LongLivedGracefulRestart.class)
            .map(LongLivedGracefulRestart::families)
            .orElse(List.of());
    restartTimer =
        speaker.scheduler().after(Duration.ofSeconds(restart.time()), this::restartExpired);
  }

  /** RFC 4724 §4.2: a lost connection. RFC 8538 §4: a NOTIFICATION too, if both say so. */
  private boolean isLoss(SessionFault why, SessionOptions options) {
    return switch (why) {
      case SessionFault.Socket _, SessionFault.Restarted _ -> true;
      case SessionFault.Sent(var notification) ->
          keepsOverNotification(options) && !isHard(notification.code(), notification.subcode());
      case SessionFault.Received(var notification) ->
          keepsOverNotification(options) && !isHard(notification.code(), notification.subcode());
    };
  }

  private boolean keepsOverNotification(SessionOptions options) {
    return neighbor.config().offer().notificationRestart()
        && options.peer(GracefulRestart.class).map(GracefulRestart::notification).orElse(false);
  }

  private static boolean isHard(int code, int subcode) {
    return code == 6 && subcode == 9;
  }

  boolean helpsRestart(SessionOptions options) {
    return neighbor.config().offer().gracefulRestart() != NeighborConfig.GracefulRestartMode.OFF
        && options.peer(GracefulRestart.class).map(r -> !r.families().isEmpty()).orElse(false);
  }

  boolean isWaitingForRestart() {
    return restartTimer != null;
  }

  private void restartExpired() {
    restartTimer = null;
    for (var family : speaker.families()) {
      var time = longStaleTime(family);
      if (time.isZero()) {
        speaker.rib(family).withdrawAll(number, LocRib.STALE);
        continue;
      }
      // RFC 9494 §4.2, §4.3: kept a long time, marked, and used only for want of a better one.
      speaker
          .rib(family)
          .rewrite(number, LocRib.STALE, LocRib.LONG_STALE, NeighborRoutes::longStale);
      longStaleTimers.add(
          speaker
              .scheduler()
              .after(
                  time,
                  () -> {
                    speaker.rib(family).withdrawAll(number, LocRib.LONG_STALE);
                    speaker.changed();
                  }));
    }
    speaker.changed();
  }

  private static @Nullable PathAttributes longStale(PathAttributes attributes) {
    if (attributes.has(Community.NO_LLGR)) {
      return null;
    }
    var values = new ArrayList<>(attributes.communities());
    if (!values.contains(Community.LLGR_STALE)) {
      values.add(Community.LLGR_STALE);
    }
    return attributes.with(new PathAttribute.Communities(values));
  }

  /** The shorter of what it asks for and what we grant; zero if either does not. */
  private Duration longStaleTime(AfiSafi family) {
    var granted = neighbor.config().offer().helperStaleTime();
    for (var each : staleFamilies) {
      if (each.family().equals(family)) {
        var asked = Duration.ofSeconds(each.staleTime());
        return asked.compareTo(granted) < 0 ? asked : granted;
      }
    }
    return Duration.ZERO;
  }

  private void stopTimers() {
    longStaleTimers.forEach(Scheduler.Task::cancel);
    longStaleTimers.clear();
    stopRestartTimer();
  }

  private void stopRestartTimer() {
    if (restartTimer != null) {
      restartTimer.cancel();
      restartTimer = null;
    }
  }

  void forgetAll() {
    stopTimers();
    for (var family : speaker.families()) {
      speaker.rib(family).withdrawAll(number);
    }
    speaker.changed();
  }

  /** What comes from now on is judged by {@code value}. */
  void policy(Policy value) {
    policy = value;
    acceptsAll = value.acceptsAll();
  }

  // ---- refresh

  void beginRefresh(AfiSafi family) {
    if (families.contains(family)) {
      speaker.rib(family).flag(number, LocRib.STALE);
    }
  }

  void endRefresh(AfiSafi family) {
    if (families.contains(family)) {
      speaker.rib(family).withdrawAll(number, LocRib.STALE);
    }
  }

  // ---- updates

  void take(UpdateMessage update) {
    for (var family : update.disabledFamilies()) {
      disabled.add(family);
      speaker.rib(family).withdrawAll(number);
    }
    for (var family : families) {
      if (!disabled.contains(family)) {
        withdraw(update, family);
      }
    }
    boolean none = update.treatAsWithdraw();
    var classic = AfiSafi.IPV4_UNICAST;
    if (update.announcesClassic() && isOpen(classic)) {
      if (none) {
        update.forEachClassic(new Withdrawing(speaker.rib(classic)));
      } else {
        announce(update, classic, false);
      }
    }
    var reached = update.announcedFamily();
    if (reached != null && isOpen(reached)) {
      if (none) {
        update.forEachReached(new Withdrawing(speaker.rib(reached)));
      } else {
        announce(update, reached, true);
      }
    }
    update.endOfRib().ifPresent(this::endOfRib);
  }

  private boolean isOpen(AfiSafi family) {
    return families.contains(family) && !disabled.contains(family);
  }

  /** What it has not told again by now it has no more (RFC 4724 §4.2). */
  private void endOfRib(AfiSafi family) {
    if (!families.contains(family)) {
      return;
    }
    speaker.rib(family).withdrawAll(number, LocRib.STALE);
    stopTimers();
    speaker.endOfRib(neighbor, family);
  }

  private void withdraw(UpdateMessage update, AfiSafi family) {
    if (!update.withdraws(family)) {
      return;
    }
    var rib = speaker.rib(family);
    update.forEachWithdrawn(family, (high, low, length, _) -> rib.expect(high, low, length));
    rib.fetch();
    update.forEachWithdrawn(family, new Withdrawing(rib));
  }

  /** Takes destinations out of the Loc-RIB. */
  private final class Withdrawing implements PrefixVisitor {
    private final LocRib rib;

    Withdrawing(LocRib rib) {
      this.rib = rib;
    }

    @Override
    public void prefix(long high, long low, int length, int pathId) {
      withdraws++;
      if (!rib.withdraw(high, low, length, number, pathId)) {
        withdrawsIgnored++;
      }
    }
  }

  private void announce(UpdateMessage update, AfiSafi family, boolean reach) {
    update.attributesTo(builder, reach);
    var set = builder.build(speaker.cache());
    if (rules.marksOnlyToCustomer(set)) {
      speaker.cache().release(set);
      set =
          builder
              .put(new PathAttribute.OnlyToCustomer(neighbor.config().as()))
              .build(speaker.cache());
    }
    var rib = speaker.rib(family);
    if (rules.exclusion(set) != null) {
      PrefixVisitor drop =
          (high, low, length, pathId) -> {
            updates++;
            rejected++;
            rib.withdraw(high, low, length, number, pathId);
          };
      visit(update, reach, drop);
    } else {
      var take = new Taking(rib, set, family.afi() == 1);
      visit(update, reach, take);
    }
    speaker.cache().release(set);
    var maximum = neighbor.config().exchange().maximum();
    if (maximum.isPresent() && rib.count(number) > maximum.get().limit()) {
      PrefixLimit.exceeded(speaker, neighbor, family, maximum.get().limit());
    }
  }

  private static void visit(UpdateMessage update, boolean reach, PrefixVisitor visitor) {
    if (reach) {
      update.forEachReached(visitor);
    } else {
      update.forEachClassic(visitor);
    }
  }

  /** Puts destinations with one set of attributes into the Loc-RIB. */
  private final class Taking implements PrefixVisitor {
    private final LocRib rib;
    private final PathAttributes set;
    private final boolean v4;

    Taking(LocRib rib, PathAttributes set, boolean v4) {
      this.rib = rib;
      this.set = set;
      this.v4 = v4;
    }

    @Override
    public void prefix(long high, long low, int length, int pathId) {
      updates++;
      if (ImportRules.isMartian(v4, high, length)) {
        ignored++;
        return;
      }
      if (acceptsAll) {
        put(high, low, length, pathId, set, 0);
        return;
      }
      var ip = v4 ? IpFamily.IPV4 : IpFamily.IPV6;
      var route =
          new Route(Nlri.prefix(ip, high, low, length), pathId, set, speaker.sources().get(number));
      switch (policy.apply(route)) {
        case Verdict.Accepted(var changed, _, var preferred) -> {
          var shared = speaker.cache().intern(changed);
          put(high, low, length, pathId, shared, preferred ? LocRib.PREFERRED : 0);
          speaker.cache().release(shared);
        }
        case Verdict.Rejected _ -> {
          filtered++;
          rib.withdraw(high, low, length, number, pathId);
        }
      }
    }

    private void put(
        long high, long low, int length, int pathId, PathAttributes attributes, int mark) {
      switch (rib.put(high, low, length, number, pathId, attributes, mark)) {
        case ADDED, REPLACED -> accepted++;
        case UNCHANGED -> ignored++;
      }
    }
  }

  static Octets limitData(AfiSafi family, int limit) {
    return Octets.of(
        ByteBuffer.allocate(7)
            .putShort((short) family.afi())
            .put((byte) family.safi())
            .putInt(limit)
            .array());
  }

  // ---- reports

  /** What becomes of {@code prefix} if it is told with these attributes. */
  ImportView judge(Prefix prefix, PathAttributes told) {
    var set =
        rules.marksOnlyToCustomer(told)
            ? told.with(new PathAttribute.OnlyToCustomer(neighbor.config().as()))
            : told;
    var exclusion = rules.exclusion(set);
    if (exclusion != null) {
      return new ImportView.Excluded(exclusion);
    }
    if (ImportRules.isMartian(
        prefix.family() == IpFamily.IPV4, Nlri.high(prefix), prefix.length())) {
      return new ImportView.Excluded(ImportView.Exclusion.MARTIAN);
    }
    return switch (policy.apply(new Route(prefix, 0, set, speaker.sources().get(number)))) {
      case Verdict.Accepted(var kept, var statement, _) -> new ImportView.Taken(kept, statement);
      case Verdict.Rejected(var statement) -> new ImportView.Filtered(statement);
    };
  }

  int count() {
    int count = 0;
    for (var family : speaker.families()) {
      count += speaker.rib(family).count(number);
    }
    return count;
  }

  int preferred() {
    int count = 0;
    for (var family : speaker.families()) {
      var rib = speaker.rib(family);
      for (int entry = 0; entry < rib.limit(); entry++) {
        int path = rib.first(entry);
        if (path >= 0 && rib.sourceOf(path) == number) {
          count++;
        }
      }
    }
    return count;
  }

  NeighborCounters counters(long messagesIn, long updatesIn) {
    return new NeighborCounters(
        updates,
        rejected,
        filtered,
        ignored,
        accepted,
        withdraws,
        withdrawsIgnored,
        messagesIn,
        updatesIn);
  }
}
