package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.BgpAddresses;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A loopback address for each node, and the port that all of them listen at. Nobody needs a
 * privilege for them: all of 127.0.0.0/8 is local.
 */
record StandIns(BgpAddresses addresses, Set<IpAddress> emulated, int port) {
  private static final int FIRST = 127 << 24 | 64 << 16;

  static StandIns of(List<NodeFacts> nodes, ClusterOptions options) throws ClusterException {
    var own = new LinkedHashMap<IpAddress, InetAddress>();
    var standIns = new LinkedHashMap<IpAddress, InetSocketAddress>();
    int index = 0;
    for (var node : nodes) {
      var address = node.ipv4().map(i -> i.address());
      if (address.isEmpty()) {
        continue;
      }
      var real = options.outside().get(node.name());
      if (real != null) {
        standIns.put(address.get(), real);
      } else {
        own.put(address.get(), loopback(++index));
      }
    }
    int port = options.virtual() ? ClusterOptions.DEFAULT_BGP_PORT : port(own, options.bgpPort());
    own.forEach(
        (address, loopback) -> standIns.put(address, new InetSocketAddress(loopback, port)));
    return new StandIns(new BgpAddresses(standIns), Set.copyOf(own.keySet()), port);
  }

  /** The {@code index}th loopback address that stands for somebody. */
  static InetAddress loopback(int index) {
    int bits = FIRST + index;
    try {
      return InetAddress.getByAddress(
          new byte[] {
            (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
          });
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }

  /**
   * The port asked for, or one that is free at every address; nothing is started where it is not.
   */
  private static int port(Map<IpAddress, InetAddress> own, int wanted) throws ClusterException {
    if (own.isEmpty()) {
      return wanted;
    }
    int port = wanted;
    if (wanted == 0) {
      port = freePort();
    }
    for (var address : own.values()) {
      var at = new InetSocketAddress(address, port);
      try (var probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(at);
      } catch (IOException e) {
        throw ClusterException.environment(
            "cannot listen for BGP at %s:%d: %s; choose another with --bgp-port, or 0 for a free one"
                .formatted(address.getHostAddress(), port, e.getMessage()));
      }
    }
    return port;
  }

  /** A port that is free now. */
  static int freePort() throws ClusterException {
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(loopback(1), 0));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw ClusterException.environment("no free port on loopback: " + e.getMessage());
    }
  }

  /** The loopback address that stands for {@code address}. */
  InetAddress of(IpAddress address) {
    var standIn = addresses.standIns().get(address);
    if (standIn == null) {
      throw new IllegalArgumentException("no node has " + address);
    }
    return standIn.getAddress();
  }
}
