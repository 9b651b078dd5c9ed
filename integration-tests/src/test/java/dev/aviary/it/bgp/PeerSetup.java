package dev.aviary.it.bgp;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a real daemon is told: itself, its neighbors, and the prefixes it originates.
 *
 * @param passive it waits for its neighbors
 * @param reflector its neighbors are clients of it
 * @param addPath it sends and receives more than one path
 * @param password of all sessions, empty for none
 * @param gracefulRestart it can restart without loss
 * @param fourOctetAs it offers RFC 6793
 * @param hold seconds
 * @param communities what it puts on its prefixes, such as 65001:7
 */
record PeerSetup(
    InetSocketAddress address,
    String routerId,
    long as,
    List<Neighbor> neighbors,
    boolean passive,
    boolean reflector,
    boolean addPath,
    String password,
    boolean gracefulRestart,
    boolean fourOctetAs,
    int hold,
    List<String> prefixes,
    List<String> communities) {

  /** One of our speakers. */
  record Neighbor(String name, InetSocketAddress address, long as) {
    String host() {
      return address.getAddress().getHostAddress();
    }
  }

  static PeerSetup of(InetSocketAddress address, String routerId, long as, Neighbor... neighbors) {
    return new PeerSetup(
        address,
        routerId,
        as,
        List.of(neighbors),
        false,
        false,
        false,
        "",
        false,
        true,
        90,
        List.of(),
        List.of());
  }

  String host() {
    return address.getAddress().getHostAddress();
  }

  PeerSetup originating(String... more) {
    var all = new ArrayList<>(prefixes);
    all.addAll(List.of(more));
    return with(passive, reflector, addPath, password, gracefulRestart, fourOctetAs, hold, all);
  }

  PeerSetup withPrefixes(List<String> all) {
    return with(passive, reflector, addPath, password, gracefulRestart, fourOctetAs, hold, all);
  }

  PeerSetup withCommunities(String... values) {
    return new PeerSetup(
        address,
        routerId,
        as,
        neighbors,
        passive,
        reflector,
        addPath,
        password,
        gracefulRestart,
        fourOctetAs,
        hold,
        prefixes,
        List.of(values));
  }

  PeerSetup waiting() {
    return with(true, reflector, addPath, password, gracefulRestart, fourOctetAs, hold, prefixes);
  }

  PeerSetup reflecting() {
    return with(passive, true, addPath, password, gracefulRestart, fourOctetAs, hold, prefixes);
  }

  PeerSetup withAddPath() {
    return with(passive, reflector, true, password, gracefulRestart, fourOctetAs, hold, prefixes);
  }

  PeerSetup withPassword(String value) {
    return with(passive, reflector, addPath, value, gracefulRestart, fourOctetAs, hold, prefixes);
  }

  PeerSetup restartable() {
    return with(passive, reflector, addPath, password, true, fourOctetAs, hold, prefixes);
  }

  PeerSetup old() {
    return with(passive, reflector, addPath, password, gracefulRestart, false, hold, prefixes);
  }

  PeerSetup holding(int seconds) {
    return with(
        passive, reflector, addPath, password, gracefulRestart, fourOctetAs, seconds, prefixes);
  }

  private PeerSetup with(
      boolean waits,
      boolean reflects,
      boolean manyPaths,
      String secret,
      boolean restarts,
      boolean wide,
      int seconds,
      List<String> all) {
    return new PeerSetup(
        address,
        routerId,
        as,
        neighbors,
        waits,
        reflects,
        manyPaths,
        secret,
        restarts,
        wide,
        seconds,
        List.copyOf(all),
        communities);
  }
}
