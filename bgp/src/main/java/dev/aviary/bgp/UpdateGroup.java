package dev.aviary.bgp;

import dev.aviary.bgp.ExportView.Told;
import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdatePacker;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.rib.AdjRibOut;
import dev.aviary.bgp.rib.LocRib;
import dev.aviary.bgp.rib.RouteDissemination;
import dev.aviary.bgp.rib.TableOrder;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.transport.Wire;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Neighbors that are told the same: one Adj-RIB-Out, one computation of what leaves, one encoding
 * for all. What differs by member, a route that came from it, is an exception that costs one bit. A
 * member whose connection is full falls behind to a place of its own and comes back when it has
 * caught up.
 */
final class UpdateGroup {
  private static final int DRAIN_BATCH = 4096;

  /** What makes neighbors be told the same. */
  record Key(
      AfiSafi family,
      RouteDissemination rules,
      Policy export,
      boolean fourOctetAs,
      boolean addPath,
      int messageLimit) {}

  private final Key key;
  private final LocRib rib;
  private final AdjRibOut out;
  private final UpdateRound round;
  private final boolean v6;
  private final boolean looksAtPrefix;
  private final List<Member> members = new ArrayList<>();

  UpdateGroup(Key key, LocRib rib, SessionOptions options) {
    this.key = key;
    this.rib = rib;
    this.out = AdjRibOut.empty(key.addPath());
    this.round = new UpdateRound(rib, new UpdatePacker(key.family(), options));
    this.v6 = key.family().afi() == 2;
    this.looksAtPrefix = key.export().looksAtPrefix();
  }

  Key key() {
    return key;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** How many times updates were encoded for members that are level: the same for one or many. */
  long encodings() {
    return round.encodings();
  }

  /** True if someone here was told of prefix number {@code entry}. */
  boolean holds(int entry) {
    if (out.holds(entry)) {
      return true;
    }
    for (int m = 0; m < members.size(); m++) { // per prefix: no iterator
      var member = members.get(m);
      if (member.own != null && (member.own.holds(entry) || member.pending.get(entry))) {
        return true;
      }
    }
    return false;
  }

  /** Takes {@code neighbor} in; it begins with nothing and is fed the table in BIRD's order. */
  Member join(Neighbor neighbor, Wire wire, Behavior behavior) {
    var member = new Member(neighbor, wire);
    member.own = AdjRibOut.empty(key.addPath());
    member.endOfRib = true;
    member.queue = new TableOrder(behavior).sort(rib);
    for (int entry : member.queue) {
      member.pending.set(entry);
    }
    members.add(member);
    return member;
  }

  /**
   * Takes in a member of another group, whose policy has changed: it is told everything again, and
   * what it was told and is not to be told any more is withdrawn.
   */
  Member adopt(Member other, UpdateGroup from, Behavior behavior) {
    from.fallBehind(other);
    var member = join(other.neighbor, other.wire, behavior);
    var own = other.own;
    if (own != null) {
      member.own = own.copy();
      member.excluded = other.excluded.copy();
      for (int i = own.told().next(0); i >= 0; i = own.told().next(i + 1)) {
        member.pending.set(i);
      }
    }
    member.endOfRib = other.endOfRib;
    member.again = true;
    return member;
  }

  /** Lets {@code member} go; prefixes that only it was told of are given back. */
  void leave(Member member, LocRib.HeldBy held) {
    members.remove(member);
    var own = member.own;
    if (own != null) {
      for (int i = own.told().next(0); i >= 0; i = own.told().next(i + 1)) {
        rib.release(i, held);
      }
    }
    if (members.isEmpty()) {
      for (int i = out.told().next(0); i >= 0; i = out.told().next(i + 1)) {
        out.withdraw(i);
        rib.release(i, held);
      }
    }
  }

  /** How many prefixes {@code member} was told of. */
  int toldTo(Member member) {
    var own = member.own;
    return (own != null ? own.size() : out.size()) - member.excluded.count();
  }

  /** Sends everything to {@code member} again, between markers if it knows them (RFC 7313). */
  void refresh(Member member, boolean markers, Behavior behavior) {
    fallBehind(member);
    member.again = true;
    member.queue = new TableOrder(behavior).sort(rib);
    member.queued = 0;
    for (int entry : member.queue) {
      member.pending.set(entry);
    }
    if (markers) {
      member.wire.send(new RouteRefreshMessage(key.family(), RouteRefreshMessage.BEGIN));
      member.endOfRefresh = true;
    }
  }

  private void fallBehind(Member member) {
    if (member.isBehind()) {
      return;
    }
    member.own = out.copy();
  }

  /** Tells all members what the marked prefixes of the Loc-RIB have become. */
  void announceChanges() {
    boolean anyLevel = false;
    for (var member : members) {
      if (member.isBehind()) {
        for (int i = 0; i < rib.changes(); i++) {
          member.pending.set(rib.changed(i));
        }
      } else {
        anyLevel = true;
      }
    }
    var level = new ArrayList<Member>(members.size());
    for (var member : members) {
      if (!member.isBehind()) {
        level.add(member);
      }
    }
    if (!anyLevel && out.size() == 0) {
      return;
    }
    for (int i = 0; i < rib.changes(); i++) {
      int entry = rib.changed(i);
      if (key.addPath()) {
        paths(entry, out, level, false);
      } else {
        best(entry, out, level, rib.before(i), rib.beforeSource(i));
      }
    }
    send(level);
  }

  /** Tells {@code member} a batch of what it lacks; true if it is level again. */
  boolean catchUp(Member member, LocRib.HeldBy held) {
    var own = member.own;
    if (own == null) {
      return true;
    }
    var alone = List.of(member);
    var entries = new IntList();
    boolean more = true;
    while (member.wire.isWritable()) {
      entries.clear();
      for (int i = 0; i < DRAIN_BATCH; i++) {
        int entry = member.takePending();
        if (entry < 0) {
          more = false;
          break;
        }
        entries.add(entry);
        if (key.addPath()) {
          paths(entry, own, alone, member.again);
        } else {
          best(entry, own, alone, null, Buckets.NOBODY);
        }
      }
      send(alone);
      for (int i = 0; i < entries.size(); i++) {
        rib.release(entries.get(i), held);
      }
      if (!more) {
        level(member, own);
        return true;
      }
    }
    return false;
  }

  private void level(Member member, AdjRibOut own) {
    member.again = false;
    if (member.endOfRib) {
      member.endOfRib = false;
      var marker = Encoded.allocate(64);
      UpdatePacker.endOfRib(key.family(), marker);
      member.wire.write(marker, 0, marker.size());
      member.wire.flush();
      marker.release();
    }
    if (member.endOfRefresh) {
      member.endOfRefresh = false;
      member.wire.send(new RouteRefreshMessage(key.family(), RouteRefreshMessage.END));
    }
    if (key.addPath()) {
      own.adoptInto(out);
    }
    member.own = null;
    // What the group does not hold, since nobody was level when it came, it holds now.
    var fresh = out.told().addDifference(own.told(), out.told());
    if (fresh.count() > 0) {
      for (var other : members) {
        if (other != member && !other.isBehind()) {
          other.excluded.addDifference(fresh, other.excluded);
        }
      }
    }
    member.excluded.addDifference(out.told(), own.told());
  }

  /** Without ADD-PATH: the best path or nothing. */
  private void best(
      int entry,
      AdjRibOut told,
      List<Member> audience,
      @Nullable PathAttributes before,
      int beforeSource) {
    int path = rib.first(entry);
    int source = path < 0 ? Buckets.NOBODY : rib.sourceOf(path);
    boolean held = told.holds(entry);
    int bucket =
        path < 0 ? Buckets.NOT_TOLD : bucketOf(entry, rib.attributes(path), source, audience);
    if (bucket == Buckets.NOT_TOLD) {
      if (held) {
        told.withdraw(entry);
        round.withdraw(entry, 0, Buckets.NOBODY);
        for (int m = 0; m < audience.size(); m++) { // per prefix: no iterator
          var member = audience.get(m);
          if (member.excluded.clear(entry)) {
            member.differs = true;
            member.skips.add(round.lastWithdrawal());
          }
        }
      }
      return;
    }
    if (held
        && before != null
        && beforeSource == source
        && (before.equals(rib.attributes(path))
            || bucketOf(entry, before, source, audience) == bucket)) {
      return; // nothing that leaves has changed
    }
    told.tell(entry);
    round.buckets().add(bucket, entry, 0);
    var kept = round.buckets().key(bucket);
    for (int m = 0; m < audience.size(); m++) {
      var member = audience.get(m);
      boolean out = member.number() == kept.source() || member.number() == kept.hop();
      if (out) {
        // Not to the one it came from; what it had before is withdrawn.
        if (member.excluded.set(entry) && held) {
          member.differs = true;
          member.extra.add(entry);
        }
      } else if (member.excluded.count() > 0) {
        member.excluded.clear(entry);
      }
    }
  }

  /** With ADD-PATH: all paths that pass; those that were told already only if {@code again}. */
  private void paths(int entry, AdjRibOut told, List<Member> audience, boolean again) {
    var list = told.paths(entry);
    var wanted = new ArrayList<AdjRibOut.Told>();
    for (int path = rib.first(entry); path >= 0; path = rib.next(path)) {
      int source = rib.sourceOf(path);
      int bucket = bucketOf(entry, rib.attributes(path), source, audience);
      if (bucket == Buckets.NOT_TOLD) {
        continue;
      }
      int number = rib.sources().pathNumber(source, rib.pathId(path));
      var now = new AdjRibOut.Told(number, source, round.buckets().key(bucket).attributes());
      wanted.add(now);
      if (again || !list.contains(now)) {
        round.buckets().add(bucket, entry, number);
      }
    }
    for (var old : list) {
      if (wanted.stream().noneMatch(now -> now.pathNumber() == old.pathNumber())) {
        round.withdraw(entry, old.pathNumber(), old.source());
        for (var member : audience) {
          member.differs |= member.number() == old.source();
        }
      }
    }
    list.clear();
    list.addAll(wanted);
    told.pathsChanged(entry);
  }

  /** The bucket that a route goes to. */
  private int bucketOf(int entry, PathAttributes attributes, int source, List<Member> audience) {
    if (!looksAtPrefix) {
      int found = round.buckets().find(attributes, source);
      if (found != -1) {
        return found;
      }
    }
    int bucket = newBucketOf(entry, attributes, source, audience);
    if (!looksAtPrefix) {
      round.buckets().remember(attributes, source, bucket);
    }
    return bucket;
  }

  private int newBucketOf(int entry, PathAttributes attributes, int source, List<Member> audience) {
    var from = rib.sources().get(source);
    var route = new Route(rib.prefix(entry), 0, attributes, from);
    if (!(ExportView.of(key.rules(), key.export(), route, v6) instanceof Told(var exported, _))
        || !round.fits(exported)) {
      return Buckets.NOT_TOLD;
    }
    int sender = Buckets.NOBODY;
    int hop = Buckets.NOBODY;
    var nextHop = exported.nextHop();
    for (var member : audience) {
      if (member.number() == source) {
        sender = source;
      }
      // BIRD does not send a route whose next hop is the receiver.
      if (nextHop.isPresent() && nextHop.get().equals(member.neighbor.address())) {
        hop = member.number();
      }
    }
    return round.buckets().bucket(new Buckets.Key(exported, sender, hop));
  }

  private void send(List<Member> audience) {
    for (var member : round.send(audience)) {
      fallBehind(member);
    }
  }
}
