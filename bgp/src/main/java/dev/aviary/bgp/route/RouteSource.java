package dev.aviary.bgp.route;

/** Where a route came from: a neighbor, or this router itself. */
public sealed interface RouteSource {
  /** BIRD's preference of routes learned by BGP. */
  int BGP_PREFERENCE = 100;

  /** BIRD's preference of static routes. */
  int STATIC_PREFERENCE = 200;

  /** Higher wins before anything else is compared. */
  int preference();

  /** The protocol's or the neighbor's name. */
  String name();

  /** Learned from {@code peer}. */
  record Learned(Peer peer) implements RouteSource {
    @Override
    public int preference() {
      return BGP_PREFERENCE;
    }

    @Override
    public String name() {
      return peer.name();
    }
  }

  /** Originated here: a static route, a block, a service address. */
  record Local(String name, int preference) implements RouteSource {}
}
