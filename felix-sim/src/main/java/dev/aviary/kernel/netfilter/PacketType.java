package dev.aviary.kernel.netfilter;

/** Whom a frame was sent to on the link: {@code -m pkttype}. */
public enum PacketType {
  HOST,
  BROADCAST,
  MULTICAST
}
