package dev.aviary.kernel.packet;

/** What travels between two links. */
public sealed interface Frame {

  MacAddress source();

  MacAddress destination();

  /** An IP packet. */
  record Ip(MacAddress source, MacAddress destination, Packet packet) implements Frame {}

  /** Who has an address, and who is it. */
  record Resolution(MacAddress source, MacAddress destination, Arp arp) implements Frame {}
}
