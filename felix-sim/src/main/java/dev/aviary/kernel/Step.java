package dev.aviary.kernel;

import dev.aviary.kernel.conntrack.CtInfo;
import dev.aviary.kernel.netfilter.Hit;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.PacketSummary;
import dev.aviary.kernel.route.KernelRoute;
import org.jspecify.annotations.Nullable;

/** One thing that happened to a packet, with the evidence. */
public sealed interface Step {

  /** The host it happened on. */
  String kernel();

  /** A socket or the stack itself made the packet. */
  record Originated(String kernel, PacketSummary packet) implements Step {}

  /** It came in by a link. */
  record Arrived(String kernel, String link, MacAddress from, MacAddress to, PacketSummary packet)
      implements Step {}

  /** A rule matched or a chain ended; the packet as it was before the target acted. */
  record MatchedRule(
      String kernel,
      Hit hit,
      PacketSummary packet,
      @Nullable String inDevice,
      @Nullable String outDevice)
      implements Step {}

  /** A rule could not be judged as the real kernel would: it was loaded leniently. */
  record Warned(String kernel, String text) implements Step {}

  /** Conntrack found or made its connection; {@code entry} is empty for invalid or untracked. */
  record Tracked(String kernel, String state, CtInfo info, String entry) implements Step {}

  /** Address translation rewrote it. */
  record Translated(String kernel, PacketSummary before, PacketSummary after) implements Step {}

  /** The routing tables decided; null where nothing matched. */
  record Routed(String kernel, @Nullable KernelRoute route, @Nullable String outDevice)
      implements Step {}

  /** The next hop's link-layer address was known or found. */
  record Resolved(String kernel, Neighbor neighbor) implements Step {}

  /** It went out by a link. */
  record Left(String kernel, String link, MacAddress from, MacAddress to, PacketSummary packet)
      implements Step {}

  /** A tunnel device put it into another packet: from here on that one is told of. */
  record Encapsulated(String kernel, String device, PacketSummary outer) implements Step {}

  /** A tunnel device took it out of the packet that carried it. */
  record Decapsulated(String kernel, String device, PacketSummary inner) implements Step {}

  /** A socket, or the stack itself, took it. */
  record Delivered(String kernel, PacketSummary packet, String to) implements Step {}

  /** It ended here. */
  record Dropped(String kernel, DropReason reason, String detail) implements Step {}
}
