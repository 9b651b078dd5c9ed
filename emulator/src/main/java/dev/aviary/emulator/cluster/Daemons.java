package dev.aviary.emulator.cluster;

import dev.aviary.bgp.route.Behavior;
import dev.aviary.emulator.bird.BirdDaemon;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.WeakHashMap;

/** The routing daemons of a cluster's nodes, as operators meet them. */
final class Daemons {
  private final Map<CalicoNode, Map<IpFamily, BirdDaemon>> daemons = new WeakHashMap<>();
  private final Instant startedAt;
  private final InstantSource clock;

  Daemons(Instant startedAt, InstantSource clock) {
    this.startedAt = startedAt;
    this.clock = clock;
  }

  /** The daemon of {@code node} that serves {@code family}; BIRD 2's serves both. */
  BirdDaemon of(CalicoNode node, IpFamily family) {
    var serving =
        node.facts().behavior() == Behavior.BIRD_16 || node.speaker(IpFamily.IPV4).isEmpty()
            ? family
            : IpFamily.IPV4;
    return daemons
        .computeIfAbsent(node, _ -> new EnumMap<>(IpFamily.class))
        .computeIfAbsent(serving, f -> new BirdDaemon(node, f, startedAt, clock));
  }
}
