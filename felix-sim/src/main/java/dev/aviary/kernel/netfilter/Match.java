package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One {@code -m} of a rule. */
public sealed interface Match {

  /** Two ends of a range of ports. */
  record Ports(int low, int high) {
    public static final Ports ANY = new Ports(0, 65535);

    boolean contains(int port) {
      return port >= low && port <= high;
    }

    boolean isAny() {
      return low == 0 && high == 65535;
    }

    @Override
    public String toString() {
      return low == high ? Integer.toString(low) : low + ":" + high;
    }
  }

  record Comment(String text) implements Match {}

  record Tcp(
      Ports source,
      boolean notSource,
      Ports destination,
      boolean notDestination,
      int flagMask,
      int flags,
      boolean notFlags,
      int option,
      boolean notOption)
      implements Match {}

  record Udp(
      String name, Ports source, boolean notSource, Ports destination, boolean notDestination)
      implements Match {}

  /** {@code type} 255 is any; {@code codeHigh} below {@code codeLow} never matches. */
  record Icmp(boolean v6, int type, int codeLow, int codeHigh, boolean inverted) implements Match {}

  record Multiport(Side side, List<Ports> ports, boolean inverted) implements Match {
    /** Which port is looked at. */
    public enum Side {
      SOURCE,
      DESTINATION,
      EITHER
    }
  }

  record Mark(int value, int mask, boolean inverted) implements Match {}

  record ConnMark(int value, int mask, boolean inverted) implements Match {}

  /** {@code -m conntrack}, or {@code -m state} where {@code old}. */
  record ConnState(Set<State> states, boolean inverted, boolean old, ConnDetails details)
      implements Match {
    /** Names of {@code --ctstate} in the order they are printed. */
    public enum State {
      INVALID,
      NEW,
      RELATED,
      ESTABLISHED,
      UNTRACKED,
      SNAT,
      DNAT
    }
  }

  /** What else {@code -m conntrack} can ask; null and -1 for what it does not. */
  record ConnDetails(
      @Nullable Prefix originalSource,
      boolean notOriginalSource,
      @Nullable Prefix originalDestination,
      boolean notOriginalDestination,
      @Nullable Prefix replySource,
      boolean notReplySource,
      @Nullable Prefix replyDestination,
      boolean notReplyDestination,
      @Nullable Ports originalSourcePort,
      @Nullable Ports originalDestinationPort,
      int protocol,
      @Nullable String direction,
      List<String> status,
      boolean notStatus) {}

  record AddrType(
      Set<AddressType> source,
      boolean notSource,
      Set<AddressType> destination,
      boolean notDestination,
      boolean limitIn,
      boolean limitOut)
      implements Match {}

  record SetMatch(String set, List<Boolean> sourceFlags, boolean inverted, boolean returnNomatch)
      implements Match {}

  record RpFilter(boolean loose, boolean validMark, boolean acceptLocal, boolean inverted)
      implements Match {}

  /** {@code probability} in units of 2^-31. */
  record StatisticRandom(long probability, boolean inverted) implements Match {}

  record StatisticNth(int every, int packet, boolean inverted) implements Match {}

  record Recent(
      Mode mode,
      boolean inverted,
      int seconds,
      boolean reap,
      int hitCount,
      boolean ttl,
      String name,
      IpAddress mask,
      boolean source)
      implements Match {
    /** What it does with the list. */
    public enum Mode {
      SET,
      RCHECK,
      UPDATE,
      REMOVE
    }
  }

  /** {@code rate} packets per {@code unit}. */
  record Limit(int rate, String unit, int burst) implements Match {}

  record PhysDev(
      @Nullable String in,
      boolean notIn,
      @Nullable String out,
      boolean notOut,
      Set<String> flags,
      Set<String> notFlags)
      implements Match {}

  record IpRange(
      @Nullable IpAddress sourceLow,
      @Nullable IpAddress sourceHigh,
      boolean notSource,
      @Nullable IpAddress destinationLow,
      @Nullable IpAddress destinationHigh,
      boolean notDestination)
      implements Match {}

  record Length(int low, int high, boolean inverted) implements Match {}

  record Owner(long uid, boolean inverted) implements Match {}

  record PktType(PacketType type, boolean inverted) implements Match {}

  record MacSource(String mac, boolean inverted) implements Match {}

  record Ttl(String operator, int value) implements Match {}

  record Ipvs(boolean inverted) implements Match {}

  /** A match that is not known: never true, kept as it was written. */
  record Unknown(String name, List<String> options) implements Match {}
}
