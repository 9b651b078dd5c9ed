package dev.aviary.bgp.route;

import dev.aviary.net.IpAddress;

/**
 * Who routes are exchanged with, as the decision process sees it.
 *
 * @param identifier from its OPEN; zero before
 * @param internal same AS
 * @param reflectorClient RFC 4456: a client of ours
 */
public record Peer(
    String name,
    IpAddress address,
    AsNumber as,
    BgpIdentifier identifier,
    boolean internal,
    boolean reflectorClient) {}
