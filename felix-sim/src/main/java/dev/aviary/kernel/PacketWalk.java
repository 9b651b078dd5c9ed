package dev.aviary.kernel;

import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.PacketCodec;
import dev.aviary.kernel.packet.PacketSummary;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Carries frames from link to link until none is under way, so that a packet's whole way through
 * several kernels, and the packets that it causes, happen in one call. Frames are handled in the
 * order they were sent.
 */
public final class PacketWalk {
  /** Frames after which a walk is taken for a loop. */
  private static final int MOST_FRAMES = 100_000;

  private static final int USUALLY_UNDER_WAY = 3;

  private record UnderWay(Link link, Frame frame, @Nullable Trace trace) {}

  private final Deque<UnderWay> underWay = new ArrayDeque<>(USUALLY_UNDER_WAY);
  private final List<Trace> traces = new ArrayList<>();
  private final List<FrameEvent> resolutions = new ArrayList<>();
  private final boolean recording;
  private final boolean capturing;
  private final List<Kept> kept = new ArrayList<>();
  private int carried;

  // Few walks need these, and a walk is made for each packet.
  private @Nullable SequencedSet<Kernel> waiting;
  private @Nullable IdentityHashMap<Packet, List<@Nullable Trace>> parts;

  /** A walk that records nothing: the fast one. */
  public static PacketWalk silent() {
    return new PacketWalk(false, false);
  }

  /** A walk that keeps a {@link Trace} per packet. */
  public static PacketWalk recording() {
    return new PacketWalk(true, false);
  }

  /** A walk that keeps the octets of every frame besides. */
  public static PacketWalk capturing() {
    return new PacketWalk(true, true);
  }

  private PacketWalk(boolean recording, boolean capturing) {
    this.recording = recording;
    this.capturing = capturing;
  }

  /** A frame as it was, and where its trace tells of it. */
  private record Kept(
      Link link, boolean out, Instant time, ByteBuffer octets, @Nullable Trace trace, int step) {

    CapturedFrame frame() {
      return new CapturedFrame(
          link.kernel().hostName(),
          link.name(),
          !(link instanceof Link.IpIp),
          out,
          time,
          octets,
          trace == null ? "" : FrameComment.of(trace, step, out));
    }
  }

  /** The frames of a {@link #capturing} walk in order, with what decided about each. */
  public List<CapturedFrame> frames() {
    return kept.stream().map(Kept::frame).toList();
  }

  private void keep(Link link, boolean out, Frame frame, @Nullable Trace trace) {
    // A device without link-layer addresses has packets, not frames.
    var octets =
        link instanceof Link.IpIp && frame instanceof Frame.Ip(_, _, var packet)
            ? PacketCodec.encode(packet)
            : PacketCodec.encode(frame);
    kept.add(
        new Kept(
            link,
            out,
            link.kernel().clock().instant(),
            ByteBuffer.wrap(octets).asReadOnlyBuffer(),
            trace,
            trace == null ? 0 : trace.steps().size()));
  }

  /** A frame seen on a link: what a capture shows. */
  public record FrameEvent(Link link, boolean out, Frame frame) {}

  boolean isRecording() {
    return recording;
  }

  /** The traces of all packets, in the order they were made. */
  public List<Trace> traces() {
    return List.copyOf(traces);
  }

  /** ARP and neighbor discovery messages, in order, as seen by each link. */
  public List<FrameEvent> resolutions() {
    return List.copyOf(resolutions);
  }

  /** Starts a packet's trace; null if this walk keeps none. */
  @Nullable Trace begin(Packet packet, @Nullable Trace cause) {
    if (!recording) {
      return null;
    }
    var trace = new Trace(PacketSummary.of(packet), cause);
    traces.add(trace);
    return trace;
  }

  /** Remembers what tells of the later fragments that {@code packet} was put together from. */
  void keepParts(Packet packet, List<@Nullable Trace> traces) {
    if (recording) {
      if (parts == null) {
        parts = new IdentityHashMap<>();
      }
      parts.put(packet, traces);
    }
  }

  /** What tells of the fragment {@code number} of {@code packet}, counted from 0 for the second. */
  @Nullable Trace partTrace(Packet packet, int number, Packet fragment, @Nullable Trace cause) {
    var known = parts == null ? null : parts.get(packet);
    if (known != null && number < known.size()) {
      return known.get(number);
    }
    return begin(fragment, cause);
  }

  /** Puts a frame on what {@code from} is connected to. */
  void transmit(Link from, Frame frame, @Nullable Trace trace) {
    seen(from, true, frame, trace);
    switch (from) {
      case Link.Loopback _ -> underWay.add(new UnderWay(from, frame, trace));
      case Link.Veth veth -> {
        var peer = veth.peer();
        if (peer != null && peer.isUp()) {
          underWay.add(new UnderWay(peer, frame, trace));
        } else {
          drop(from, trace, DropReason.NO_PEER);
        }
      }
      case Link.Physical physical -> onSegment(physical, frame, trace);
      case Link.Bridge _, Link.IpIp _, Link.Vxlan _ -> drop(from, trace, DropReason.NO_PEER);
    }
  }

  private void onSegment(Link.Physical from, Frame frame, @Nullable Trace trace) {
    var segment = from.segment();
    if (!segment.isUp()) {
      drop(from, trace, DropReason.NO_PEER);
      return;
    }
    var to = frame.destination();
    if (!to.isGroup()) {
      for (var member : segment.memberList()) {
        if (member != from && member.mac().equals(to)) {
          if (!segment.carries(from, member)) {
            drop(from, trace, DropReason.NO_PEER);
            return;
          }
          underWay.add(new UnderWay(member, frame, trace));
          return;
        }
      }
    }
    boolean sent = false;
    for (var member : segment.memberList()) {
      if (member != from && segment.carries(from, member)) {
        underWay.add(new UnderWay(member, copy(frame), trace));
        sent = true;
      }
    }
    if (!sent) {
      drop(from, trace, DropReason.NO_PEER);
    }
  }

  private static Frame copy(Frame frame) {
    return switch (frame) {
      case Frame.Ip(var source, var destination, var packet) ->
          new Frame.Ip(source, destination, packet.copy());
      case Frame.Resolution resolution -> resolution;
    };
  }

  private static void drop(Link link, @Nullable Trace trace, DropReason reason) {
    if (trace != null) {
      trace.add(new Step.Dropped(link.kernel().hostName(), reason, link.name()));
    }
  }

  /** Tells captures and the trace of a frame on a link. */
  void seen(Link link, boolean out, Frame frame, @Nullable Trace trace) {
    link.kernel().captures().seen(link, out, frame);
    if (!recording) {
      return;
    }
    if (capturing) {
      keep(link, out, frame, trace);
    }
    switch (frame) {
      case Frame.Ip(var source, var destination, var packet) -> {
        if (trace != null) {
          var summary = PacketSummary.of(packet);
          var host = link.kernel().hostName();
          trace.add(
              out
                  ? new Step.Left(host, link.name(), source, destination, summary)
                  : new Step.Arrived(host, link.name(), source, destination, summary));
        }
      }
      case Frame.Resolution _ -> resolutions.add(new FrameEvent(link, out, frame));
    }
  }

  /** Notes that {@code kernel} has packets that wait for a neighbor. */
  void waitsForNeighbor(Kernel kernel) {
    if (waiting == null) {
      waiting = new LinkedHashSet<>();
    }
    waiting.add(kernel);
  }

  /** Carries frames until none is left. */
  public void run() {
    while (!underWay.isEmpty()) {
      var next = underWay.poll();
      if (++carried > MOST_FRAMES) {
        drop(next.link, next.trace, DropReason.LOOP);
        underWay.clear();
        return;
      }
      next.link.kernel().ingress().receive(next.link, next.frame, next.trace, this);
    }
  }

  /**
   * Lets the neighbors that do not answer fail, as three seconds do: packets that wait for them are
   * dropped and reported; then carries on.
   */
  public void giveUpOnNeighbors() {
    while (waiting != null && !waiting.isEmpty()) {
      waiting.removeFirst().egress().failNeighbors(this);
      run();
    }
  }
}
