package dev.aviary.kernel.ipset;

import dev.aviary.net.IpAddress;

/** What a set looks at in a packet. */
public interface PacketView {
  IpAddress address(boolean source);

  /** The port, or for ICMP type times 256 plus code; -1 where there is none. */
  int port(boolean source);

  int protocol();
}
