package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;

/** An {@code external} address by which a workload's {@code internal} one can be reached. */
public record FloatingIp(IpAddress external, IpAddress internal) {}
