package dev.aviary.bgp.transport;

import java.net.InetAddress;

/** What connections from {@code address} are set up with. */
public record PeerOptions(InetAddress address, WireOptions options) {}
