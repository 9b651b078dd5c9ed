package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fragmentation (RFC 791, RFC 8200 §4.5), and the fragments that wait until all are there. */
final class Fragments {
  private record Key(IpAddress source, IpAddress destination, int protocol, int id) {}

  private record Part(Packet packet, @Nullable Trace trace) {}

  private static final class Queue {
    private final List<Part> parts = new ArrayList<>();
    private final Link link;
    private final boolean atDestination;
    private final long until;

    Queue(Link link, boolean atDestination, long until) {
      this.link = link;
      this.atDestination = atDestination;
      this.until = until;
    }
  }

  /** A packet that is whole again, told of in its first fragment's trace. */
  record Whole(Packet packet, @Nullable Trace trace) {}

  private final Kernel kernel;
  private final Map<Key, Queue> queues = new LinkedHashMap<>();

  Fragments(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Takes a fragment in; the packet once its last missing part has come, else null.
   *
   * @param atDestination false where conntrack wants to see it whole on its way (nf_defrag)
   */
  @Nullable Whole add(
      Packet fragment, Link link, boolean atDestination, @Nullable Trace trace, PacketWalk walk) {
    count(fragment, "IpReasmReqds", 1);
    var key =
        new Key(fragment.source(), fragment.destination(), fragment.protocol(), fragment.id());
    var queue =
        queues.computeIfAbsent(
            key,
            _ ->
                new Queue(
                    link, atDestination, kernel.clock().millis() + patience(key, atDestination)));
    queue.parts.removeIf(part -> part.packet().fragmentOffset() == fragment.fragmentOffset());
    queue.parts.add(new Part(fragment, trace));
    queue.parts.sort(Comparator.comparingInt(part -> part.packet().fragmentOffset()));
    if (!isComplete(queue.parts)) {
      return null;
    }
    queues.remove(key);
    count(fragment, "IpReasmOKs", 1);
    return whole(queue.parts, walk);
  }

  /** The counters are those of IPv4. */
  private void count(Packet packet, String name, int by) {
    if (packet.family() == IpFamily.IPV4) {
      kernel.counters().add(name, by);
    }
  }

  private long patience(Key key, boolean atDestination) {
    String name;
    if (key.source.family() == IpFamily.IPV4) {
      name = "net.ipv4.ipfrag_time";
    } else {
      name = atDestination ? "net.ipv6.ip6frag_time" : "net.netfilter.nf_conntrack_frag6_timeout";
    }
    return kernel.sysctls().number(name) * 1000L;
  }

  /**
   * Gives up on those that have waited too long. Who sent the first of them is told (11/1; ICMPv6
   * 3/1): in IPv4 only by the host that it was sent to, in IPv6 by conntrack on the way as well.
   */
  void expire(PacketWalk walk) {
    if (queues.isEmpty()) {
      return;
    }
    long now = kernel.clock().millis();
    var gone = queues.values().stream().filter(queue -> queue.until <= now).toList();
    queues.values().removeAll(gone);
    for (var queue : gone) {
      var first = queue.parts.getFirst();
      var packet = first.packet();
      count(packet, "IpReasmFails", 1);
      queue.parts.forEach(
          part -> kernel.ingress().drop(part.trace(), DropReason.PARTS_MISSING, ""));
      var skb = new Skb(packet);
      skb.setInDevice(queue.link.name());
      boolean tells =
          packet.family() == IpFamily.IPV6
              || queue.atDestination
              || kernel.routing().input(skb, queue.link) instanceof RouteDecision.Local;
      if (packet.fragmentOffset() == 0 && tells) {
        kernel.errors().partsMissing(skb, first.trace(), walk);
      }
    }
  }

  private static boolean isComplete(List<Part> parts) {
    int next = 0;
    for (var part : parts) {
      if (part.packet().fragmentOffset() != next) {
        return false;
      }
      next += part.packet().fragmentLength();
    }
    return !parts.getLast().packet().moreFragments();
  }

  private static Whole whole(List<Part> parts, PacketWalk walk) {
    var first = parts.getFirst().packet();
    var original = first.whole();
    if (original == null) {
      throw new IllegalStateException("a whole packet does not wait for others");
    }
    var packet = original.copy();
    packet.setTtl(first.ttl());
    int largest = 0;
    for (var part : parts) {
      largest = Math.max(largest, part.packet().length());
    }
    packet.setLargestFragment(largest);
    var others = new ArrayList<@Nullable Trace>();
    parts.subList(1, parts.size()).forEach(part -> others.add(part.trace()));
    walk.keepParts(packet, others);
    return new Whole(packet, parts.getFirst().trace());
  }

  /** The parts of {@code packet} that are at most {@code mtu} octets long. */
  List<Packet> split(Packet packet, int mtu) {
    boolean v6 = packet.family() == IpFamily.IPV6;
    int size = (mtu - packet.headerLength() - (v6 ? Packet.FRAGMENT_HEADER : 0)) & ~7;
    int total =
        packet.isFragment() ? packet.fragmentLength() : packet.length() - packet.headerLength();
    var snapshot = packet.isFragment() ? packet : packet.copy();
    var parts = new ArrayList<Packet>();
    for (int at = 0; at < total; at += size) {
      int length = Math.min(size, total - at);
      parts.add(part(snapshot, at, length, at + length < total));
    }
    count(packet, "IpFragOKs", 1);
    count(packet, "IpFragCreates", parts.size());
    return parts;
  }

  private static Packet part(Packet packet, int at, int length, boolean more) {
    var whole = packet.whole();
    if (whole == null) {
      return Packet.fragment(packet, at, length, more);
    }
    var part =
        Packet.fragment(
            whole, packet.fragmentOffset() + at, length, more || packet.moreFragments());
    part.setTtl(packet.ttl());
    return part;
  }
}
