package dev.aviary.ipam;

/** What the store keeps; one kind per kind of {@link IpamKey}. */
public sealed interface IpamObject permits Block, BlockAffinity, Handle, IpamConfig {}
