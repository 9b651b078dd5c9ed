package dev.aviary.emulator.bird;

import java.util.List;

/**
 * What a daemon with a node's routes and sessions takes: BIRD's own structures, by their sizes on a
 * machine of 64 bits.
 */
final class NodeMemory {
  private static final long TABLE = 9_000;
  private static final long NETWORK = 64;
  private static final long ROUTE = 88;
  private static final long ATTRIBUTES = 160;
  private static final long PROTOCOL = 4_600;
  private static final long DAEMON = 60_000;

  private NodeMemory() {}

  static BirdState.Memory of(BirdDaemon daemon) {
    long tables = 0;
    long attributes = 0;
    for (var table : daemon.tables()) {
      long networks = table.routes().stream().map(BirdRoute::prefix).distinct().count();
      tables += TABLE + NETWORK * networks + ROUTE * table.routes().size();
      attributes +=
          ATTRIBUTES * table.routes().stream().map(BirdRoute::attributes).distinct().count();
    }
    long protocols = PROTOCOL * daemon.protocols().size();
    long all = DAEMON + tables + attributes + protocols;
    return new BirdState.Memory(
        switch (daemon.release().dialect()) {
          case BIRD_1_6 ->
              List.of(
                  new BirdState.Memory.Part("Routing tables", tables, 0),
                  new BirdState.Memory.Part("Route attributes", attributes, 0),
                  new BirdState.Memory.Part("ROA tables", 192, 0),
                  new BirdState.Memory.Part("Protocols", protocols, 0),
                  new BirdState.Memory.Part("Total", all + 192, 0));
          case BIRD_2_0 ->
              List.of(
                  new BirdState.Memory.Part("Routing tables", tables, tables / 3),
                  new BirdState.Memory.Part("Route attributes", attributes, attributes),
                  new BirdState.Memory.Part("Protocols", protocols, protocols / 2),
                  new BirdState.Memory.Part("Current config", DAEMON / 2, 800),
                  new BirdState.Memory.Part("Standby memory", 0, DAEMON / 2),
                  new BirdState.Memory.Part("Total", all, all / 2));
        });
  }
}
