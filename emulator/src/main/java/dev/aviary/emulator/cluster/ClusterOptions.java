package dev.aviary.emulator.cluster;

/**
 * How a cluster runs.
 *
 * @param bgpPort where every node listens on its own loopback address; 0 for free ports
 * @param virtual on virtual time and without sockets
 * @param seed where every random choice comes from
 */
public record ClusterOptions(int bgpPort, boolean virtual, long seed) {
  public static final int DEFAULT_BGP_PORT = 17179;
}
