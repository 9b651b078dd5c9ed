package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Prefix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A rule in its place: compiled, with its counters. What most rules ask first, protocol and IPv4
 * addresses, stands in the entry itself: a walk of many rules waits for memory more than it
 * calculates.
 */
final class RuleEntry {
  private static final Condition[] NONE = {};

  private final Rule rule;
  private final Target target;
  private final int protocol;
  private final int sourceMask;
  private final int sourceBits;
  private final int destinationMask;
  private final int destinationBits;
  private final @Nullable Condition first;
  private final Condition[] others;
  private final @Nullable ChainSlot jump;
  private final boolean unconditional;
  private final boolean isGoto;
  private final int handle;
  private long packets;
  private long octets;

  RuleEntry(
      Rule rule,
      int handle,
      Condition[] conditions,
      @Nullable ChainSlot jump,
      long packets,
      long octets) {
    this.rule = rule;
    this.handle = handle;
    this.target = rule.target();
    this.protocol = rule.notProtocol() ? 0 : rule.protocol();
    this.sourceMask = mask(rule.source(), rule.notSource());
    this.sourceBits = bits(rule.source(), rule.notSource());
    this.destinationMask = mask(rule.destination(), rule.notDestination());
    this.destinationBits = bits(rule.destination(), rule.notDestination());
    this.first = conditions.length == 0 ? null : conditions[0];
    this.others =
        conditions.length < 2 ? NONE : Arrays.copyOfRange(conditions, 1, conditions.length);
    this.jump = jump;
    this.unconditional = rule.isUnconditional();
    this.isGoto = rule.target() instanceof Target.Jump(_, var goes) && goes;
    this.packets = packets;
    this.octets = octets;
  }

  Rule rule() {
    return rule;
  }

  /** The number that nf_tables knows it by in its table. */
  int handle() {
    return handle;
  }

  Target target() {
    return target;
  }

  @Nullable ChainSlot jump() {
    return jump;
  }

  /** True if it enters its chain without coming back here. */
  boolean isGoto() {
    return isGoto;
  }

  boolean isUnconditional() {
    return unconditional;
  }

  long packets() {
    return packets;
  }

  long octets() {
    return octets;
  }

  void zero() {
    packets = 0;
    octets = 0;
  }

  /** True if a rule's part is asked by the entry itself, not by a condition. */
  static boolean isOwn(@Nullable Prefix prefix, boolean inverted) {
    return prefix instanceof Ipv4Prefix && !inverted;
  }

  private static int mask(@Nullable Prefix prefix, boolean inverted) {
    return isOwn(prefix, inverted) && prefix != null ? Ipv4Prefix.mask(prefix.length()) : 0;
  }

  private static int bits(@Nullable Prefix prefix, boolean inverted) {
    return prefix instanceof Ipv4Prefix(var address, _) && !inverted ? address.bits() : 0;
  }

  private static boolean differs(IpAddress address, int mask, int bits) {
    return mask != 0 && (!(address instanceof Ipv4Address v4) || (v4.bits() & mask) != bits);
  }

  boolean matches(Skb skb) {
    var packet = skb.packet();
    if ((protocol != 0 && packet.protocol() != protocol)
        || differs(packet.destination(), destinationMask, destinationBits)
        || differs(packet.source(), sourceMask, sourceBits)) {
      return false;
    }
    if (first == null) {
      return true;
    }
    if (!first.matches(skb)) {
      return false;
    }
    for (var condition : others) {
      if (!condition.matches(skb)) {
        return false;
      }
    }
    return true;
  }

  void count(int length) {
    packets++;
    octets += length;
  }
}
