package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lists of {@code -m recent}: addresses with the times they were seen. */
final class RecentLists {
  private static final int ADDRESSES = 100;
  private static final int STAMPS = 20;

  private final InstantSource clock;
  private final Map<String, Map<IpAddress, Deque<Long>>> lists = new HashMap<>();

  RecentLists(InstantSource clock) {
    this.clock = clock;
  }

  private static IpAddress masked(IpAddress address, IpAddress mask) {
    if (address instanceof Ipv4Address(int bits) && mask instanceof Ipv4Address(int maskBits)) {
      return new Ipv4Address(bits & maskBits);
    }
    if (address instanceof Ipv6Address(long high, long low)
        && mask instanceof Ipv6Address(long maskHigh, long maskLow)) {
      return new Ipv6Address(high & maskHigh, low & maskLow);
    }
    return address;
  }

  /** Asks and changes a list as the match says; true if the match matches. */
  boolean matches(Match.Recent match, IpAddress packetAddress) {
    var address = masked(packetAddress, match.mask());
    var list = lists.computeIfAbsent(match.name(), _ -> new LinkedHashMap<>());
    long now = clock.millis();
    var stamps = list.get(address);
    boolean matched =
        switch (match.mode()) {
          case SET -> {
            touch(list, address, now);
            yield true;
          }
          case REMOVE -> list.remove(address) != null;
          case RCHECK, UPDATE -> stamps != null && isRecent(match, stamps, now);
        };
    if (matched && match.mode() == Match.Recent.Mode.UPDATE) {
      touch(list, address, now);
    }
    if (match.reap() && match.seconds() > 0) {
      list.values().removeIf(each -> each.getLast() < now - match.seconds() * 1000L);
    }
    return matched != match.inverted();
  }

  private static boolean isRecent(Match.Recent match, Deque<Long> stamps, long now) {
    long since = match.seconds() == 0 ? Long.MIN_VALUE : now - match.seconds() * 1000L;
    int hits = 0;
    for (long stamp : stamps) {
      hits += stamp >= since ? 1 : 0;
    }
    return hits >= Math.max(1, match.hitCount());
  }

  private static void touch(Map<IpAddress, Deque<Long>> list, IpAddress address, long now) {
    var stamps = list.remove(address);
    if (stamps == null) {
      stamps = new ArrayDeque<>();
      if (list.size() >= ADDRESSES) {
        list.remove(list.keySet().iterator().next());
      }
    }
    if (stamps.size() >= STAMPS) {
      stamps.removeFirst();
    }
    stamps.addLast(now);
    list.put(address, stamps);
  }
}
