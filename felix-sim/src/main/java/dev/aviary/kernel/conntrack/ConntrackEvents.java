package dev.aviary.kernel.conntrack;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells what happens to connections (nf_conntrack_ecache): what a packet did to its connection is
 * told when the packet leaves or is delivered, not if it is dropped. As with {@code
 * net.netfilter.nf_conntrack_events} 2, a connection that was made while nobody listened is never
 * told of.
 */
public final class ConntrackEvents {
  static final int REPLY = 1;
  static final int ASSURED = 1 << 1;
  static final int PROTOCOL = 1 << 2;
  static final int MARK = 1 << 3;

  private final List<Listener> listeners = new ArrayList<>();

  ConntrackEvents() {}

  /** What {@code conntrack -E} calls them. */
  public enum Kind {
    NEW,
    UPDATE,
    DESTROY
  }

  /**
   * One event.
   *
   * @param entry as it is now; it goes on changing
   * @param withState true if the protocol's state is part of the message
   * @param withMark true if the mark is, even if it is zero
   * @param portId the netlink port of the command that deleted it, unsigned; 0 where none did
   */
  public record Event(
      Kind kind, ConntrackEntry entry, boolean withState, boolean withMark, int portId) {}

  /** Is told of every event, one after the other. */
  @FunctionalInterface
  public interface Listener {
    void happened(Event event);
  }

  public void add(Listener listener) {
    listeners.add(listener);
  }

  public void remove(Listener listener) {
    listeners.remove(listener);
  }

  void made(ConntrackEntry entry) {
    if (!listeners.isEmpty()) {
      entry.setWatched();
    }
  }

  /** Tells what a packet has done to its connection, if anything. */
  void deliver(ConntrackEntry entry, boolean isNew) {
    int what = entry.untold();
    entry.setTold();
    if (!entry.isWatched() || entry.isDying() || (what == 0 && !isNew)) {
      return;
    }
    tell(
        new Event(
            isNew ? Kind.NEW : Kind.UPDATE, entry, (what & PROTOCOL) != 0, (what & MARK) != 0, 0));
  }

  void destroyed(ConntrackEntry entry, int portId) {
    if (entry.isWatched() && entry.isConfirmed()) {
      tell(new Event(Kind.DESTROY, entry, true, false, portId));
    }
  }

  private void tell(Event event) {
    for (var listener : List.copyOf(listeners)) {
      listener.happened(event);
    }
  }
}
