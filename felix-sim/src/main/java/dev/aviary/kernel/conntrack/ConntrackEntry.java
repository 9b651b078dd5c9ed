package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.IpProtocol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection: both directions, what translation did to it, and when it ends. */
public final class ConntrackEntry {
  private final FlowTuple original;
  private FlowTuple reply;
  private final int id;
  private ConnectionState state = ConnectionState.NONE;
  private SctpTracker.@Nullable Association association;
  private boolean confirmed;
  private boolean seenReply;
  private boolean assured;
  private boolean dying;
  private boolean sourceNat;
  private boolean destinationNat;
  private boolean sourceNatDone;
  private boolean destinationNatDone;
  private boolean closeInitOriginal;
  private boolean closeInitReply;
  private int mark;
  private String securityContext = "";
  private long expires;
  private long streamFrom;
  private boolean watched;
  private int untold;
  private final TcpSide originalSide = new TcpSide();
  private final TcpSide replySide = new TcpSide();

  // Its places in the table's lists: of all, and of those with the same source.
  @Nullable ConntrackEntry previous;
  @Nullable ConntrackEntry next;
  @Nullable ConntrackEntry nextOfSource;

  ConntrackEntry(FlowTuple original, FlowTuple reply, int id) {
    this.original = original;
    this.reply = reply;
    this.id = id;
  }

  /** What one end has sent, as far as timeouts ask. */
  static final class TcpSide {
    int end;
    boolean seen;
    boolean unacknowledged;
  }

  /** The direction of the first packet, as it came. */
  public FlowTuple original() {
    return original;
  }

  /** What an answer looks like when it arrives: the translated original, turned round. */
  public FlowTuple reply() {
    return reply;
  }

  /** The number that {@code -o id} prints, unsigned. */
  public int id() {
    return id;
  }

  public ConnectionState state() {
    return state;
  }

  /** The state as it is printed: TCP's or SCTP's; empty for protocols that have none. */
  public String stateText() {
    if (association != null) {
      return association.state().name();
    }
    return original.protocol() == IpProtocol.TCP ? state.toString() : "";
  }

  /** True once its first packet has left the host or reached a socket. */
  public boolean isConfirmed() {
    return confirmed;
  }

  /** True once a packet came the other way. */
  public boolean hasSeenReply() {
    return seenReply;
  }

  /** True if it is not thrown out early when the table is full. */
  public boolean isAssured() {
    return assured;
  }

  /** True after it was deleted. */
  public boolean isDying() {
    return dying;
  }

  /** True if its source is translated. */
  public boolean isSourceNat() {
    return sourceNat;
  }

  /** True if its destination is translated. */
  public boolean isDestinationNat() {
    return destinationNat;
  }

  public int mark() {
    return mark;
  }

  public void setMark(int mark) {
    if (this.mark != mark) {
      this.mark = mark;
      untold |= ConntrackEvents.MARK;
    }
  }

  /** What "secctx=" says of an entry that came from another host's listing; else empty. */
  String securityContext() {
    return securityContext;
  }

  void setSecurityContext(String context) {
    this.securityContext = context;
  }

  /** True if rules were asked already how to translate that side. */
  public boolean isNatDone(Manip manip) {
    return manip == Manip.SOURCE ? sourceNatDone : destinationNatDone;
  }

  boolean isExpired(long now) {
    return dying || (confirmed && expires <= now);
  }

  /** How long it lives on if nothing comes; zero at least. */
  public Duration remaining(long now) {
    return Duration.ofMillis(Math.max(0, expires - now));
  }

  TcpSide side(boolean isReply) {
    return isReply ? replySide : originalSide;
  }

  long streamFrom() {
    return streamFrom;
  }

  void setStreamFrom(long streamFrom) {
    this.streamFrom = streamFrom;
  }

  void setReply(FlowTuple reply) {
    this.reply = reply;
  }

  void setState(ConnectionState state) {
    if (this.state != state) {
      this.state = state;
      stateChanged();
    }
  }

  /** What is known of an SCTP association; null for every other protocol. */
  SctpTracker.@Nullable Association association() {
    return association;
  }

  void setAssociation(SctpTracker.Association association) {
    this.association = association;
    stateChanged();
  }

  void stateChanged() {
    untold |= ConntrackEvents.PROTOCOL;
  }

  void setConfirmed() {
    this.confirmed = true;
  }

  void setSeenReply() {
    if (!seenReply) {
      this.seenReply = true;
      untold |= ConntrackEvents.REPLY;
    }
  }

  void setAssured() {
    if (!assured) {
      this.assured = true;
      untold |= ConntrackEvents.ASSURED;
    }
  }

  /** True if somebody listened for events when it was made: only then it has any. */
  boolean isWatched() {
    return watched;
  }

  void setWatched() {
    this.watched = true;
  }

  /** What happened to it that was not told yet, in bits of {@link ConntrackEvents}. */
  int untold() {
    return untold;
  }

  void setTold() {
    this.untold = 0;
  }

  void kill() {
    this.dying = true;
  }

  void expireAt(long expires) {
    this.expires = expires;
  }

  boolean closeInit(boolean isReply) {
    return isReply ? closeInitReply : closeInitOriginal;
  }

  void setCloseInit(boolean isReply) {
    if (isReply) {
      closeInitReply = true;
    } else {
      closeInitOriginal = true;
    }
  }

  void natDone(Manip manip, boolean translated) {
    switch (manip) {
      case SOURCE -> {
        sourceNatDone = true;
        sourceNat |= translated;
      }
      case DESTINATION -> {
        destinationNatDone = true;
        destinationNat |= translated;
      }
    }
  }

  @Override
  public String toString() {
    return original + (seenReply ? " " : " [UNREPLIED] ") + reply;
  }
}
