package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.ClusterOptions;
import picocli.CommandLine.Option;

/** What every verb that starts a cluster can be told. */
final class ClusterOptionsMixin {
  @Option(
      names = "--bgp-port",
      paramLabel = "PORT",
      description =
          "Where every node listens for BGP on its own loopback address, 1 to 65535; 0 takes free"
              + " ports; 17179 by default.")
  private int bgpPort = ClusterOptions.DEFAULT_BGP_PORT;

  @Option(
      names = "--virtual",
      description = "No sockets, virtual time: BGP travels inside the process.")
  private boolean virtual;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Where every random choice comes from; 1 by default.")
  private long seed = 1;

  ClusterOptions options() {
    return new ClusterOptions(bgpPort, virtual, seed);
  }
}
