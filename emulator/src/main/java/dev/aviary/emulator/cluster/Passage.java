package dev.aviary.emulator.cluster;

import java.net.InetAddress;

/**
 * Whether the network of the cluster carries packets between two nodes, given by the loopback
 * addresses that stand for theirs. Whoever is outside is reached in ways of his own.
 */
@FunctionalInterface
interface Passage {
  Passage EVERYTHING = (_, _) -> true;

  /** True if both reach each other: without answers TCP gets nowhere. */
  boolean isOpen(InetAddress one, InetAddress other);
}
