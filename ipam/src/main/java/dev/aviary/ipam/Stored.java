package dev.aviary.ipam;

/** An object as it was read: its key, its value, and the revision that a later write must name. */
public record Stored<T extends IpamObject>(IpamKey key, T value, long revision) {}
