package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpFamily;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The table of connections. A packet's connection is created unconfirmed and enters the table only
 * when the packet leaves or is delivered ({@link #confirm}). Timeouts are looked at when an entry
 * is touched or listed.
 */
public final class Conntrack {
  private static final int STREAM_AFTER_MILLIS = 2000;

  private final InstantSource clock;
  private final Timeouts timeouts;

  /** Each connection twice, by its two tuples. */
  private final EntryTable byTuple = new EntryTable();

  /** The newest connection of each source; the others hang on it. */
  private final EntryTable bySource = new EntryTable();

  private final EntryList entries = new EntryList();
  private final ConntrackEvents events = new ConntrackEvents();
  private int nextId = 0x5bd1e995;
  private int nextPort = 0x2c1b3c6d;
  private boolean active;

  /**
   * An empty table that nothing needs yet.
   *
   * @param timeouts the seconds of a name under {@code net.netfilter.nf_conntrack_}
   */
  public Conntrack(InstantSource clock, Timeouts timeouts) {
    this.clock = clock;
    this.timeouts = timeouts;
  }

  /** The settings below {@code net.netfilter.nf_conntrack_}, by the rest of the name. */
  public interface Timeouts {
    int number(String name);
  }

  /** False until a rule needs connections; then nothing is tracked. */
  public boolean isActive() {
    return active;
  }

  public void setActive(boolean active) {
    this.active = active;
  }

  /** Who is told what happens to connections. */
  public ConntrackEvents events() {
    return events;
  }

  /** The entries that are alive, oldest first. */
  public List<ConntrackEntry> entries() {
    expire();
    return entries.toList();
  }

  public int size() {
    expire();
    return entries.size();
  }

  private void expire() {
    long now = clock.millis();
    for (var entry : entries.toList()) {
      if (entry.isExpired(now)) {
        remove(entry, 0);
      }
    }
  }

  /** The netlink port of a command: each has one of its own. */
  private int port() {
    nextPort = nextPort * 1664525 + 1013904223;
    return nextPort;
  }

  /** Removes the entries that are {@code unwanted}, as a command does, and says which. */
  public List<ConntrackEntry> delete(Predicate<ConntrackEntry> unwanted) {
    var gone = new ArrayList<ConntrackEntry>();
    int port = port();
    for (var entry : entries()) {
      if (unwanted.test(entry)) {
        remove(entry, port);
        gone.add(entry);
      }
    }
    return gone;
  }

  /** Removes everything, as a command does. */
  public void flush() {
    int port = port();
    for (var entry : entries.toList()) {
      entry.kill();
      entry.nextOfSource = null;
      events.destroyed(entry, port);
    }
    entries.clear();
    byTuple.clear();
    bySource.clear();
  }

  private void remove(ConntrackEntry entry, int portId) {
    if (entry.isDying()) {
      return; // a packet that is under way may still hold it
    }
    entry.kill();
    if (entry.isConfirmed()) {
      entries.remove(entry);
      unhash(entry.original(), entry);
      unhash(entry.reply(), entry);
      removeFromSource(entry);
    }
    events.destroyed(entry, portId);
  }

  private void unhash(FlowTuple tuple, ConntrackEntry entry) {
    int hash = tuple.hashCode();
    for (int slot = byTuple.first(hash); slot >= 0; slot = byTuple.next(slot, hash)) {
      if (byTuple.get(slot) == entry) {
        byTuple.remove(slot);
        return;
      }
    }
  }

  private void addToSource(ConntrackEntry entry) {
    int slot = sourceSlot(entry.original());
    if (slot < 0) {
      bySource.add(entry.original().sourceHash(), entry);
    } else {
      entry.nextOfSource = bySource.get(slot);
      bySource.set(slot, entry);
    }
  }

  private int sourceSlot(FlowTuple original) {
    int hash = original.sourceHash();
    int slot = bySource.first(hash);
    while (slot >= 0 && !bySource.get(slot).original().hasSourceOf(original)) {
      slot = bySource.next(slot, hash);
    }
    return slot;
  }

  private void removeFromSource(ConntrackEntry entry) {
    int slot = sourceSlot(entry.original());
    var newest = bySource.get(slot);
    var following = entry.nextOfSource;
    entry.nextOfSource = null;
    if (newest != entry) {
      var before = newest;
      for (var next = newest.nextOfSource; next != null && next != entry; ) {
        before = next;
        next = next.nextOfSource;
      }
      before.nextOfSource = following;
    } else if (following != null) {
      bySource.set(slot, following);
    } else {
      bySource.remove(slot);
    }
  }

  /** The connection that has {@code tuple}, in either direction. */
  private @Nullable ConntrackEntry find(FlowTuple tuple) {
    int hash = tuple.hashCode();
    for (int slot = byTuple.first(hash); slot >= 0; slot = byTuple.next(slot, hash)) {
      var found = byTuple.get(slot);
      if (found.reply().equals(tuple) || found.original().equals(tuple)) {
        if (found.isExpired(clock.millis())) {
          remove(found, 0);
          return null;
        }
        return found;
      }
    }
    return null;
  }

  private static boolean isReply(ConntrackEntry entry, FlowTuple tuple) {
    return entry.reply().equals(tuple);
  }

  /** The entry that a packet with this tuple belongs to, or null. */
  public @Nullable ConntrackEntry find(FlowTuple tuple, boolean isReply) {
    var found = find(tuple);
    return found != null && isReply(found, tuple) == isReply ? found : null;
  }

  /** True if a connection other than {@code self} has that tuple. */
  boolean isTaken(FlowTuple tuple, ConntrackEntry self) {
    var found = find(tuple);
    return found != null && found != self;
  }

  /** Removes a closed, translated TCP connection that has the tuple; false if there is none. */
  boolean giveUpClosed(FlowTuple tuple, ConntrackEntry self) {
    var other = find(tuple);
    if (other == null || other == self) {
      return false;
    }
    boolean closed =
        other.state() == ConnectionState.TIME_WAIT || other.state() == ConnectionState.CLOSE;
    if (!closed || !other.isSourceNat()) {
      return false;
    }
    remove(other, 0);
    return true;
  }

  /** The newest connection of {@code original}'s source; the others hang on it. */
  @Nullable ConntrackEntry newestOfSource(FlowTuple original) {
    int slot = sourceSlot(original);
    return slot < 0 ? null : bySource.get(slot);
  }

  /**
   * Finds or makes the connection of {@code packet} and moves its state on. Afterwards {@code
   * tracking} has the entry, or none if the packet is invalid.
   */
  public void track(Packet packet, Tracking tracking) {
    if (tracking.entry() != null || tracking.isUntracked()) {
      return; // it came back by the loopback device, or carries its cause's connection
    }
    if (packet.isIcmpError()) {
      trackError(packet, tracking);
      return;
    }
    if (packet.protocol() == IpProtocol.ICMPV6
        && packet.icmpType() >= 130
        && packet.icmpType() <= 137) {
      tracking.setUntracked(); // neighbor discovery and listeners
      return;
    }
    var tuple = FlowTuple.of(packet);
    if (tuple == null || (packet.protocol() == IpProtocol.TCP && !isSound(packet))) {
      return;
    }
    var found = find(tuple);
    if (found == null) {
      create(packet, tuple, tracking);
      return;
    }
    var entry = found;
    var info = CtInfo.NEW;
    if (isReply(found, tuple)) {
      info = CtInfo.ESTABLISHED_REPLY;
    } else if (entry.hasSeenReply()) {
      info = CtInfo.ESTABLISHED;
    }
    tracking.set(entry, info);
    update(packet, tracking, entry, info);
  }

  private static boolean isSound(Packet packet) {
    return TcpTracker.isValid(packet.tcpFlags());
  }

  private void create(Packet packet, FlowTuple tuple, Tracking tracking) {
    var reply = tuple.inverted();
    if (reply == null) {
      return;
    }
    var entry = new ConntrackEntry(tuple, reply, nextId);
    switch (packet.protocol()) {
      case IpProtocol.TCP -> {
        var move = TcpTracker.next(TcpTracker.kind(packet.tcpFlags()), ConnectionState.NONE, false);
        var state = move.state();
        if (move.effect() != TcpTracker.Effect.MOVE || state == null) {
          return;
        }
        if (state != ConnectionState.SYN_SENT && timeouts.number("tcp_loose") == 0) {
          return;
        }
        entry.setState(state);
        TcpTracker.note(entry, packet, false);
        refresh(entry, tcpTimeout(entry, state));
      }
      case IpProtocol.ICMP -> {
        int type = packet.icmpType();
        if (type != 8 && type != 13 && type != 15 && type != 17) {
          return;
        }
        refresh(entry, timeouts.number("icmp_timeout"));
      }
      case IpProtocol.ICMPV6 -> {
        if (packet.icmpType() != 128 && packet.icmpType() != 139) {
          return;
        }
        refresh(entry, timeouts.number("icmpv6_timeout"));
      }
      case IpProtocol.UDP, IpProtocol.UDPLITE -> {
        entry.setStreamFrom(clock.millis() + STREAM_AFTER_MILLIS);
        refresh(entry, timeouts.number("udp_timeout"));
      }
      case IpProtocol.GRE -> refresh(entry, timeouts.number("gre_timeout"));
      case IpProtocol.SCTP -> {
        var association = SctpTracker.open(packet);
        if (association.isEmpty() || !moveSctp(packet, entry, association.orElseThrow(), false)) {
          return;
        }
        entry.setAssociation(association.orElseThrow());
      }
      default -> refresh(entry, timeouts.number("generic_timeout"));
    }
    nextId = nextId * 1664525 + 1013904223;
    events.made(entry);
    tracking.set(entry, CtInfo.NEW);
  }

  private void update(Packet packet, Tracking tracking, ConntrackEntry entry, CtInfo info) {
    switch (packet.protocol()) {
      case IpProtocol.TCP -> updateTcp(packet, tracking, entry, info.isReply());
      case IpProtocol.UDP, IpProtocol.UDPLITE -> updateUdp(entry);
      case IpProtocol.ICMP -> refresh(entry, timeouts.number("icmp_timeout"));
      case IpProtocol.ICMPV6 -> refresh(entry, timeouts.number("icmpv6_timeout"));
      case IpProtocol.GRE -> updateGre(entry);
      case IpProtocol.SCTP -> {
        var association = entry.association();
        if (association != null && !moveSctp(packet, entry, association, info.isReply())) {
          tracking.clear();
        }
      }
      default -> refresh(entry, timeouts.number("generic_timeout"));
    }
    if (info == CtInfo.ESTABLISHED_REPLY && tracking.entry() == entry) {
      entry.setSeenReply();
    }
  }

  private void updateUdp(ConntrackEntry entry) {
    if (!entry.hasSeenReply()) {
      refresh(entry, timeouts.number("udp_timeout"));
      return;
    }
    if (clock.millis() > entry.streamFrom()) {
      refresh(entry, timeouts.number("udp_timeout_stream"));
      entry.setAssured();
    } else {
      refresh(entry, timeouts.number("udp_timeout"));
    }
  }

  private void updateGre(ConntrackEntry entry) {
    if (entry.hasSeenReply()) {
      refresh(entry, timeouts.number("gre_timeout_stream"));
      entry.setAssured();
    } else {
      refresh(entry, timeouts.number("gre_timeout"));
    }
  }

  /** False for a packet that does not belong to the association. */
  private boolean moveSctp(
      Packet packet, ConntrackEntry entry, SctpTracker.Association association, boolean isReply) {
    switch (SctpTracker.update(association, packet, isReply, entry)) {
      case REFRESH -> refresh(entry, timeouts.number(association.state().timeoutName()));
      case NOTHING -> {}
      case INVALID -> {
        return false;
      }
    }
    return true;
  }

  private void updateTcp(Packet packet, Tracking tracking, ConntrackEntry entry, boolean isReply) {
    var segment = TcpTracker.kind(packet.tcpFlags());
    var before = entry.state();
    var move = TcpTracker.next(segment, before, isReply);
    var state = move.state();
    switch (move.effect()) {
      case IGNORE -> {
        return;
      }
      case INVALID -> {
        tracking.clear();
        return;
      }
      case MOVE -> {}
    }
    if (state == null) {
      return;
    }
    if (before == ConnectionState.SYN_SENT && !isReply && segment == TcpTracker.Segment.RST) {
      switch (TcpTracker.resetOfUnanswered(entry, packet)) {
        case INVALID -> {
          tracking.clear();
          return;
        }
        case IGNORE -> {
          return;
        }
        case MOVE -> {}
      }
    }
    if (state == ConnectionState.SYN_SENT
        && (before == ConnectionState.TIME_WAIT || before == ConnectionState.CLOSE)) {
      // A closed connection is opened again: the old entry goes and a new one takes its place.
      remove(entry, 0);
      tracking.clear();
      track(packet, tracking);
      return;
    }
    TcpTracker.note(entry, packet, isReply);
    entry.setState(state);
    int timeout = tcpTimeout(entry, state);
    if (!entry.hasSeenReply()) {
      if (packet.hasFlag(TcpFlags.RST)) {
        remove(entry, 0);
        return;
      }
      if (state == ConnectionState.ESTABLISHED) {
        timeout = Math.min(timeout, timeouts.number("tcp_timeout_unacknowledged"));
      }
    } else if (!entry.isAssured()
        && (before == ConnectionState.SYN_RECV || before == ConnectionState.ESTABLISHED)
        && state == ConnectionState.ESTABLISHED) {
      entry.setAssured();
    }
    refresh(entry, timeout);
  }

  private int tcpTimeout(ConntrackEntry entry, ConnectionState state) {
    int timeout = timeouts.number(TcpTracker.timeoutName(state));
    if (entry.side(false).unacknowledged || entry.side(true).unacknowledged) {
      timeout = Math.min(timeout, timeouts.number("tcp_timeout_unacknowledged"));
    }
    return timeout;
  }

  private void refresh(ConntrackEntry entry, int seconds) {
    entry.expireAt(clock.millis() + seconds * 1000L);
  }

  private void trackError(Packet packet, Tracking tracking) {
    var quoted = packet.quoted();
    var tuple = quoted == null ? null : FlowTuple.of(quoted);
    var inverted = tuple == null ? null : tuple.inverted();
    var found = inverted == null ? null : find(inverted);
    if (found == null || inverted == null) {
      return;
    }
    // The quoted packet turned round is found as an answer if the error goes to its sender.
    tracking.set(found, isReply(found, inverted) ? CtInfo.RELATED_REPLY : CtInfo.RELATED);
  }

  /**
   * Gives {@code to}, an error or reset that this host makes because of a packet, that packet's
   * connection.
   */
  public static void attach(Tracking to, Tracking cause) {
    var entry = cause.entry();
    if (entry != null) {
      to.set(entry, cause.info().isReply() ? CtInfo.RELATED : CtInfo.RELATED_REPLY);
    } else if (cause.isUntracked()) {
      to.setAttached();
    }
  }

  /**
   * Enters a new connection into the table, and tells what the packet did to one that is there.
   *
   * @return false if one of its tuples is another connection's: the packet is dropped
   */
  public boolean confirm(Tracking tracking) {
    var entry = tracking.entry();
    if (entry == null) {
      return true;
    }
    if (entry.isConfirmed() || tracking.info().isReply()) {
      events.deliver(entry, false);
      return true;
    }
    if (entry.isDying() || isTaken(entry.original(), entry) || isTaken(entry.reply(), entry)) {
      return false;
    }
    entry.setConfirmed();
    entries.add(entry);
    byTuple.add(entry.original().hashCode(), entry);
    byTuple.add(entry.reply().hashCode(), entry);
    addToSource(entry);
    events.deliver(entry, true);
    return true;
  }

  /**
   * Enters the connection that a line of {@code conntrack -L} or {@code /proc/net/nf_conntrack}
   * tells of.
   */
  public void load(String line) throws ConntrackParser.BadLineException {
    var entry = new ConntrackParser(line).parse(nextId, clock.millis());
    nextId = nextId * 1664525 + 1013904223;
    if (isTaken(entry.original(), entry) || isTaken(entry.reply(), entry)) {
      throw new ConntrackParser.BadLineException("there is such a connection already");
    }
    var tracking = new Tracking();
    tracking.set(entry, CtInfo.NEW);
    confirm(tracking);
  }

  /** The family of an entry. */
  public static IpFamily family(ConntrackEntry entry) {
    return entry.original().source().family();
  }

  /** Milliseconds now, by the clock of the timeouts. */
  public long now() {
    return clock.millis();
  }
}
