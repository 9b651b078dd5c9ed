package dev.aviary.bgp;

/**
 * What went over the connection to a neighbor so far. When one side has received what the other has
 * sent, and neither has anything pending, they have nothing left to say to each other.
 *
 * @param sent octets that were handed to the connection
 * @param received octets of whole messages that were taken in
 * @param pending there are routes that were not handed over yet
 */
public record NeighborTraffic(long sent, long received, boolean pending) {}
