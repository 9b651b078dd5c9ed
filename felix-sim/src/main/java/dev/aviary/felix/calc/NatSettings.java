package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import java.util.Optional;

/**
 * How traffic out of a pool is translated. {@code portRange} is "low-high" or empty, and so is
 * {@code outInterface}. The last two say what the host's iptables can do.
 */
public record NatSettings(
    String portRange,
    Optional<IpAddress> address,
    String outInterface,
    boolean snatRandomFully,
    boolean masqueradeRandomFully) {}
