package dev.aviary.kernel.packet;

import dev.aviary.net.IpAddress;

/**
 * An ARP message, or a neighbor solicitation or advertisement in IPv6.
 *
 * @param reply false for a request
 */
public record Arp(
    boolean reply, MacAddress senderMac, IpAddress sender, MacAddress targetMac, IpAddress target) {

  /** As the short form of tcpdump has it: "who-has A tell B" or "A is-at MAC". */
  @Override
  public String toString() {
    return reply ? sender + " is-at " + senderMac : "who-has " + target + " tell " + sender;
  }
}
