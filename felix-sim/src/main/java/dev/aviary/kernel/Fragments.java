package dev.aviary.kernel;

import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** IPv4 fragmentation, and the fragments that wait until they are all there. */
final class Fragments {
  /** net.ipv4.ipfrag_time. */
  private static final long PATIENCE_MILLIS = 30_000;

  private static final int HEADER = 20;

  private record Key(IpAddress source, IpAddress destination, int protocol, int id) {}

  private record Part(Packet packet, @Nullable Trace trace) {}

  private static final class Queue {
    private final List<Part> parts = new ArrayList<>();
    private final long until;

    Queue(long until) {
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

  /** Takes a fragment in; the packet once its last missing part has come, else null. */
  @Nullable Whole add(Packet fragment, @Nullable Trace trace, PacketWalk walk) {
    long now = kernel.clock().millis();
    queues.values().removeIf(queue -> queue.until <= now);
    kernel.counters().add("IpReasmReqds", 1);
    var key =
        new Key(fragment.source(), fragment.destination(), fragment.protocol(), fragment.id());
    var queue = queues.computeIfAbsent(key, _ -> new Queue(now + PATIENCE_MILLIS));
    queue.parts.removeIf(part -> part.packet().fragmentOffset() == fragment.fragmentOffset());
    queue.parts.add(new Part(fragment, trace));
    queue.parts.sort(Comparator.comparingInt(part -> part.packet().fragmentOffset()));
    if (!isComplete(queue.parts)) {
      return null;
    }
    queues.remove(key);
    kernel.counters().add("IpReasmOKs", 1);
    return whole(queue.parts, walk);
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
    int size = (mtu - HEADER) & ~7;
    int total = packet.length() - HEADER;
    var snapshot = packet.isFragment() ? packet : packet.copy();
    var parts = new ArrayList<Packet>();
    for (int at = 0; at < total; at += size) {
      int length = Math.min(size, total - at);
      parts.add(part(snapshot, at, length, at + length < total));
    }
    kernel.counters().add("IpFragOKs", 1);
    kernel.counters().add("IpFragCreates", parts.size());
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
