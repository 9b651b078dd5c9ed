package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What listens on a host, and the flows that were started from it. */
public final class Sockets {
  /** Answers what came in on a listening socket. */
  @FunctionalInterface
  public interface Service {
    /** The answer's payload; an empty one is sent too, null is not. */
    byte @Nullable [] answer(Endpoint local, Endpoint peer, byte[] payload);
  }

  private record Port(int protocol, @Nullable IpAddress address, int port) {}

  record Flow(int protocol, Endpoint local, Endpoint peer) {}

  /** The socket at the end that started a flow. */
  interface Client {
    void received(Packet packet, Skb skb, @Nullable Trace trace, PacketWalk walk);

    void failed(Packet error, Skb skb);
  }

  /** The socket at the end that accepted a flow. */
  interface Server {
    void received(Packet packet, @Nullable Trace trace, PacketWalk walk);
  }

  private final Map<Port, Service> listeners = new HashMap<>();
  private final Map<Flow, Client> clients = new HashMap<>();
  private final Map<Flow, Server> servers = new HashMap<>();

  Sockets() {}

  /**
   * Listens at a port of every address, or of one.
   *
   * @param protocol 6, 17 or 132
   * @param address the address that is bound, or null for all
   * @param port 0 for every port at which nobody else listens
   */
  public void listen(int protocol, @Nullable IpAddress address, int port, Service service) {
    listeners.put(new Port(protocol, address, port), service);
  }

  /** Stops listening; false if nothing did. */
  public boolean close(int protocol, @Nullable IpAddress address, int port) {
    return listeners.remove(new Port(protocol, address, port)) != null;
  }

  /** A service that answers with what it was sent. */
  public static Service echo() {
    return (_, _, payload) -> payload;
  }

  /** Ports that are listened at, as "protocol address:port" texts in no order. */
  public List<String> listening() {
    var list = new ArrayList<String>();
    for (var port : listeners.keySet()) {
      var name = IpProtocol.name(port.protocol);
      list.add(name + " " + (port.address == null ? "*" : port.address) + ":" + port.port);
    }
    return list;
  }

  /** True if a socket of {@code protocol} is here, so that the host knows the protocol at all. */
  boolean speaks(int protocol) {
    return listeners.keySet().stream().anyMatch(port -> port.protocol == protocol)
        || clients.keySet().stream().anyMatch(flow -> flow.protocol == protocol)
        || servers.keySet().stream().anyMatch(flow -> flow.protocol == protocol);
  }

  @Nullable Service listener(int protocol, IpAddress address, int port) {
    var bound = listeners.get(new Port(protocol, address, port));
    if (bound != null) {
      return bound;
    }
    var open = listeners.get(new Port(protocol, null, port));
    return open != null ? open : listeners.get(new Port(protocol, null, 0));
  }

  void add(Flow flow, Client client) {
    clients.put(flow, client);
  }

  void remove(Flow flow) {
    clients.remove(flow);
  }

  @Nullable Client client(Flow flow) {
    return clients.get(flow);
  }

  boolean isUsed(Flow flow) {
    return clients.containsKey(flow);
  }

  @Nullable Server server(Flow flow) {
    return servers.get(flow);
  }

  void put(Flow flow, Server server) {
    servers.put(flow, server);
  }

  void removeServer(Flow flow) {
    servers.remove(flow);
  }
}
