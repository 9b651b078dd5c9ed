package dev.aviary.kernel.route;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code ip rule}: packets that match look into a table, or end there.
 *
 * @param priority lower is asked first
 * @param from the source it is for, or null for all
 * @param to the destination it is for, or null for all
 * @param mark the firewall mark after masking
 * @param mask which bits of the mark count; 0 means any mark
 * @param inDevice the device the packet came in by ("lo" for packets made here), or null
 * @param outDevice the device a socket is bound to, or null
 * @param inverted true if it is for packets that do not match
 * @param action what then
 * @param table the table to look in, where the action is to look
 */
public record RoutingRule(
    IpFamily family,
    int priority,
    @Nullable Prefix from,
    @Nullable Prefix to,
    int mark,
    int mask,
    @Nullable String inDevice,
    @Nullable String outDevice,
    boolean inverted,
    Action action,
    int table) {

  /** What a rule does. */
  public enum Action {
    LOOKUP,
    BLACKHOLE,
    UNREACHABLE,
    PROHIBIT
  }

  /** {@code ip rule add priority PRIORITY lookup TABLE}. */
  public static RoutingRule lookup(IpFamily family, int priority, int table) {
    return new RoutingRule(
        family, priority, null, null, 0, 0, null, null, false, Action.LOOKUP, table);
  }

  boolean matches(FlowKey key) {
    boolean matched =
        (mask == 0 || (key.mark() & mask) == (mark & mask))
            && (from == null || from.contains(key.source()))
            && (to == null || to.contains(key.destination()))
            && (inDevice == null || inDevice.equals(key.inDevice()))
            && (outDevice == null || outDevice.equals(key.outDevice()));
    return matched != inverted;
  }
}
