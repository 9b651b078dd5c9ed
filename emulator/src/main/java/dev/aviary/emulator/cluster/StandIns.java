package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.BgpAddresses;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A loopback address for each address of a node, and the port that all of them listen at. Nobody
 * needs a privilege for them: all of 127.0.0.0/8 is local. Addresses of nodes that come later are
 * added, and those of nodes that went stay taken.
 */
final class StandIns implements BgpAddresses {
  /** Nobody listens there: it needs a privilege, and no speaker is given it. */
  private static final int UNUSED_PORT = 1;

  private static final int FIRST = 127 << 24 | 64 << 16;

  private final Map<IpAddress, InetSocketAddress> all = new LinkedHashMap<>();
  private final Set<IpAddress> emulated = new LinkedHashSet<>();
  private final Map<InetAddress, IpAddress> stoodFor = new HashMap<>();
  private final Map<IpAddress, Integer> listening = new HashMap<>();
  private final ClusterOptions options;
  private int given;
  private final int port;

  private StandIns(ClusterOptions options, int port) {
    this.options = options;
    this.port = port;
  }

  static StandIns of(List<NodeFacts> nodes, ClusterOptions options) throws ClusterException {
    var ours = new ArrayList<Integer>();
    int index = 0;
    for (var node : nodes) {
      if (options.outside().containsKey(node.name())) {
        continue;
      }
      for (var _ : addresses(node)) {
        index++;
        if (options.runs(node.name())) {
          ours.add(index);
        }
      }
    }
    if (ours.isEmpty()) {
      ours.add(1);
    }
    int port =
        options.virtual()
            ? ClusterOptions.DEFAULT_BGP_PORT
            : StandIns.port(ours, options.bgpPort());
    var standIns = new StandIns(options, port);
    standIns.add(nodes);
    return standIns;
  }

  private static List<IpAddress> addresses(NodeFacts node) {
    return java.util.stream.Stream.of(IpFamily.values())
        .flatMap(family -> node.address(family).stream())
        .toList();
  }

  /** Gives stand-ins to the addresses that have none. */
  void add(List<NodeFacts> nodes) {
    for (var node : nodes) {
      var real = options.outside().get(node.name());
      for (var address : addresses(node)) {
        if (all.containsKey(address)) {
          continue;
        }
        if (real == null) {
          given++;
          all.put(address, new InetSocketAddress(loopback(given), port));
          stoodFor.put(loopback(given), address);
          if (options.runs(node.name())) {
            emulated.add(address);
          }
        } else if (address.family() == IpFamily.IPV4) {
          all.put(address, real);
        }
      }
    }
  }

  /** Gives a stand-in to a pod that is a BGP peer; who speaks there is not emulated. */
  void addPod(IpAddress address) {
    if (!all.containsKey(address)) {
      given++;
      all.put(address, new InetSocketAddress(loopback(given), port));
    }
  }

  /** Says which port the node at an address was told to listen at. */
  void listens(IpAddress address, int port) {
    listening.put(address, port);
  }

  @Override
  public Optional<InetSocketAddress> of(IpAddress address, int port) {
    int told = listening.getOrDefault(address, port);
    return of(address)
        .map(at -> told == port ? at : new InetSocketAddress(at.getAddress(), UNUSED_PORT));
  }

  /** Whose address {@code loopback} stands for; empty for somebody outside. */
  Optional<IpAddress> standsFor(InetAddress loopback) {
    return Optional.ofNullable(stoodFor.get(loopback));
  }

  /** True if the speaker with {@code address} runs in this process. */
  boolean isEmulated(IpAddress address) {
    return emulated.contains(address);
  }

  int port() {
    return port;
  }

  @Override
  public Optional<InetSocketAddress> of(IpAddress address) {
    return Optional.ofNullable(all.get(address));
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
  private static int port(List<Integer> indexes, int wanted) throws ClusterException {
    int port = wanted == 0 ? freePort() : wanted;
    for (int index : indexes) {
      var at = new InetSocketAddress(loopback(index), port);
      try (var probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(at);
      } catch (IOException e) {
        throw ClusterException.environment(
            "cannot listen for BGP at %s:%d: %s; choose another with --bgp-port, or 0 for a free one"
                .formatted(at.getAddress().getHostAddress(), port, e.getMessage()));
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
  InetAddress loopbackOf(IpAddress address) {
    return of(address)
        .orElseThrow(() -> new IllegalArgumentException("no node has " + address))
        .getAddress();
  }
}
