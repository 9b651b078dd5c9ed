package dev.aviary.kubeproxy;

import java.util.List;

/** An address and port of a service's endpoint, and its state as seen from this node. */
record Endpoint(
    String ip,
    int port,
    boolean local,
    boolean ready,
    boolean serving,
    boolean terminating,
    List<String> zoneHints) {

  /** "10.0.0.1:80" or "[fd00::1]:80": key, order and part of the chain's name. */
  String text() {
    return ip.indexOf(':') >= 0 ? "[" + ip + "]:" + port : ip + ":" + port;
  }

  boolean isUsableWhileTerminating() {
    return serving && terminating;
  }
}
