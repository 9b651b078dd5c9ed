package dev.aviary.emulator.cluster;

import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;

/** A cluster's address management, for whoever reports about it or changes it. */
public record Addressing(Ipam ipam, IpamStore store, IpamVariant variant) {}
