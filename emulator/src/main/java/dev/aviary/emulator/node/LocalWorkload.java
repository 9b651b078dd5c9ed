package dev.aviary.emulator.node;

import dev.aviary.net.IpAddress;
import java.util.Optional;

/**
 * A pod of the node that a BGPPeer with a localWorkloadSelector chose, as Felix's endpoint status
 * tells of it.
 *
 * @param peer the BGPPeer's name
 */
public record LocalWorkload(String peer, Optional<IpAddress> ipv4, Optional<IpAddress> ipv6) {}
