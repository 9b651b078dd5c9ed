package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Network address translation: what a connection is translated to is chosen once, by its first
 * packet, and kept in its reply tuple; every packet is rewritten from there.
 */
public final class Translation {
  private static final int ATTEMPTS = 128;

  /** With so few attempts left, closed connections have to give up their ports. */
  private static final int HARDER = 32;

  private final Conntrack conntrack;
  private final RandomGenerator random;

  public Translation(Conntrack conntrack, RandomGenerator random) {
    this.conntrack = conntrack;
    this.random = random;
  }

  /** Chooses one side's translation for a new connection, and marks that side as settled. */
  public void setUp(ConntrackEntry entry, Manip manip, NatRange range) {
    if (entry.isNatDone(manip)) {
      return;
    }
    var current = entry.reply().inverse();
    var chosen = choose(current, range, manip, entry);
    boolean changed = !chosen.equals(current);
    if (changed) {
      entry.setReply(chosen.inverse());
    }
    entry.natDone(manip, changed);
  }

  /** Settles one side without a rule: the tuple stays, unless another connection has it. */
  public void setUpNothing(ConntrackEntry entry, Manip manip) {
    var reply = entry.reply();
    var address = manip == Manip.SOURCE ? reply.destination() : reply.source();
    setUp(entry, manip, NatRange.address(address));
  }

  private FlowTuple choose(FlowTuple original, NatRange range, Manip manip, ConntrackEntry entry) {
    if (manip == Manip.SOURCE && !range.random()) {
      if (range.contains(original.source()) && range.containsPort(original.sourceKey())) {
        if (isFree(original, entry)) {
          return original;
        }
      } else {
        var reused = reuse(original, range, entry);
        if (reused != null && isFree(reused, entry)) {
          return reused;
        }
      }
    }
    var tuple = withAddress(original, range, manip);
    if (!range.random()) {
      if (range.hasPorts()) {
        int key = manip == Manip.SOURCE ? tuple.sourceKey() : tuple.destinationKey();
        if (range.containsPort(key)
            && (range.portMin() == range.portMax() || isFree(tuple, entry))) {
          return tuple;
        }
      } else if (isFree(tuple, entry)) {
        return tuple;
      }
    }
    return withPort(tuple, range, manip, entry);
  }

  private boolean isFree(FlowTuple tuple, ConntrackEntry entry) {
    return !conntrack.isTaken(tuple.inverse(), entry);
  }

  /** The mapping that another connection of the same source has, if the range allows it. */
  private @Nullable FlowTuple reuse(FlowTuple tuple, NatRange range, ConntrackEntry self) {
    for (var other = conntrack.newestOfSource(tuple); other != null; other = other.nextOfSource) {
      var mapped = other.reply();
      if (other != self
          && other.isSourceNat()
          && range.contains(mapped.destination())
          && (tuple.isIcmp() || range.containsPort(mapped.destinationKey()))) {
        int key = tuple.isIcmp() ? mapped.sourceKey() : mapped.destinationKey();
        return tuple.withSource(mapped.destination(), key);
      }
    }
    return null;
  }

  private static FlowTuple withAddress(FlowTuple tuple, NatRange range, Manip manip) {
    var min = range.min();
    var max = range.max();
    if (min == null || max == null) {
      return tuple;
    }
    var address = manip == Manip.SOURCE ? tuple.source() : tuple.destination();
    IpAddress chosen = min;
    if (!min.equals(max)) {
      // One of several, the same one for the same pair of addresses.
      long size = 1;
      for (var next = min; !next.equals(max) && size < 65536; next = next.plus(1)) {
        size++;
      }
      long hash = (tuple.source().hashCode() * 31L + tuple.destination().hashCode()) & 0x7fffffff;
      chosen = min.plus(hash % size);
    }
    if (chosen.equals(address)) {
      return tuple;
    }
    return manip == Manip.SOURCE
        ? tuple.withSource(chosen, tuple.sourceKey())
        : tuple.withDestination(chosen, tuple.destinationKey());
  }

  private FlowTuple withPort(FlowTuple tuple, NatRange range, Manip manip, ConntrackEntry entry) {
    boolean icmp = tuple.isIcmp();
    if (!icmp && !IpProtocol.hasPorts(tuple.protocol())) {
      return tuple;
    }
    int key = manip == Manip.SOURCE || icmp ? tuple.sourceKey() : tuple.destinationKey();
    int min;
    int size;
    if (range.hasPorts()) {
      min = range.portMin();
      size = range.portMax() - min + 1;
    } else if (icmp) {
      min = 0;
      size = 65536;
    } else if (manip == Manip.DESTINATION) {
      return tuple; // without a range a destination port is never changed
    } else if (key < 512) {
      min = 1;
      size = 511;
    } else if (key < 1024) {
      min = 600;
      size = 1023 - 600 + 1;
    } else {
      min = 1024;
      size = 65535 - 1024 + 1;
    }
    return search(tuple, manip, min, size, entry);
  }

  private FlowTuple search(FlowTuple tuple, Manip manip, int min, int size, ConntrackEntry entry) {
    int attempts = Math.min(size, ATTEMPTS);
    var tried = tuple;
    while (true) {
      int offset = random.nextInt(65536);
      for (int i = 0; i < attempts; i++) {
        int key = min + (offset + i) % size;
        tried =
            manip == Manip.SOURCE || tuple.isIcmp()
                ? tuple.withSource(tuple.source(), key)
                : tuple.withDestination(tuple.destination(), key);
        if (isFree(tried, entry)
            || (attempts - i <= HARDER && conntrack.giveUpClosed(tried.inverse(), entry))) {
          return tried;
        }
      }
      if (attempts >= size || attempts < 16) {
        return tried;
      }
      attempts /= 2;
    }
  }

  /** Rewrites one side of a packet as its connection says; true if something changed. */
  public static boolean apply(Packet packet, Tracking tracking, Manip manip) {
    var entry = tracking.entry();
    if (entry == null) {
      return false;
    }
    boolean isReply = tracking.info().isReply();
    if (!translates(entry, manip, isReply)) {
      return false;
    }
    write(packet, target(entry, isReply), manip);
    return true;
  }

  private static boolean translates(ConntrackEntry entry, Manip manip, boolean isReply) {
    boolean sourceSide = (manip == Manip.SOURCE) != isReply;
    return sourceSide ? entry.isSourceNat() : entry.isDestinationNat();
  }

  /** What packets of this direction look like after translation. */
  private static FlowTuple target(ConntrackEntry entry, boolean isReply) {
    return (isReply ? entry.original() : entry.reply()).inverse();
  }

  private static void write(Packet packet, FlowTuple target, Manip manip) {
    boolean ports = IpProtocol.hasPorts(packet.protocol());
    if (manip == Manip.SOURCE) {
      packet.setSource(target.source());
      if (ports) {
        packet.setSourcePort(target.sourceKey());
      }
    } else {
      packet.setDestination(target.destination());
      if (ports) {
        packet.setDestinationPort(target.destinationKey());
      }
    }
    if (packet.isIcmp() && !packet.isIcmpError() && target.isIcmp()) {
      packet.setIcmpId(target.sourceKey());
    }
  }

  /**
   * Rewrites an ICMP error about a translated connection, the packet quoted in it included.
   *
   * @return false if it must be dropped: a redirect of a translated connection
   */
  public static boolean applyToError(Packet packet, Tracking tracking, Manip manip) {
    var entry = tracking.entry();
    var quoted = packet.quoted();
    if (entry == null || quoted == null) {
      return true;
    }
    boolean redirect = packet.icmpType() == (packet.protocol() == IpProtocol.ICMP ? 5 : 137);
    if (redirect
        && (!entry.isNatDone(Manip.SOURCE)
            || !entry.isNatDone(Manip.DESTINATION)
            || entry.isSourceNat()
            || entry.isDestinationNat())) {
      return false;
    }
    boolean isReply = tracking.info().isReply();
    if (!translates(entry, manip, isReply)) {
      return true;
    }
    // The quoted packet went the other way: its other side takes the other direction's tuple.
    write(quoted, isReply ? entry.original() : entry.reply(), manip.other());
    var target = target(entry, isReply);
    if (manip == Manip.SOURCE) {
      packet.setSource(target.source());
    } else {
      packet.setDestination(target.destination());
    }
    return true;
  }
}
