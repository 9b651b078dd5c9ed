package dev.aviary.kernel;

import dev.aviary.net.IpAddress;

/** One end of a flow; the port is 0 where the protocol has none. */
public record Endpoint(IpAddress address, int port) {
  @Override
  public String toString() {
    return address.family() == dev.aviary.net.IpFamily.IPV6
        ? "[" + address + "]:" + port
        : address + ":" + port;
  }
}
