package dev.aviary.kernel.route;

import dev.aviary.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a route lookup asks with.
 *
 * @param source the packet's source; the unspecified address where none is chosen yet
 * @param inDevice where it came in; "lo" for a packet made here
 * @param outDevice the device it must leave by, or null
 */
public record FlowKey(
    IpAddress destination,
    IpAddress source,
    @Nullable String inDevice,
    @Nullable String outDevice,
    int mark,
    int tos) {}
