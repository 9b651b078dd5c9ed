package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdState.Action;
import dev.aviary.emulator.bird.BirdState.Control;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.DaemonPart;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which of a daemon's protocols that are no sessions an operator has stopped, and when. */
final class DaemonParts {
  private final CalicoNode node;
  private final Set<String> stopped = new HashSet<>();
  private final Map<String, Instant> changed = new HashMap<>();

  DaemonParts(CalicoNode node) {
    this.node = node;
  }

  boolean isStopped(String protocol) {
    return stopped.contains(protocol);
  }

  /** When an operator last stopped or started it. */
  Optional<Instant> changed(String protocol) {
    return Optional.ofNullable(changed.get(protocol));
  }

  /**
   * Does {@code action} with {@code protocol}.
   *
   * @param families that it serves
   */
  Control control(Action action, BirdProtocol protocol, List<IpFamily> families, Instant now) {
    var part = part(protocol.kind());
    if (part.isEmpty()) {
      return Control.IMPOSSIBLE;
    }
    var name = protocol.name();
    if (isStopped(name) != (action == Action.ENABLE)) {
      return Control.ALREADY;
    }
    switch (action) {
      case DISABLE -> {
        stopped.add(name);
        run(families, part.get(), false);
      }
      case ENABLE -> {
        stopped.remove(name);
        run(families, part.get(), true);
      }
      case RESTART -> {
        run(families, part.get(), false);
        run(families, part.get(), true);
      }
    }
    changed.put(name, now);
    return Control.DONE;
  }

  /** A daemon that starts anew runs everything. */
  void startAll(List<IpFamily> families) {
    stopped.clear();
    changed.clear();
    for (var part : DaemonPart.values()) {
      run(families, part, true);
    }
  }

  private void run(List<IpFamily> families, DaemonPart part, boolean runs) {
    families.forEach(family -> node.run(family, part, runs));
  }

  private static Optional<DaemonPart> part(String kind) {
    return switch (kind) {
      case "Static" -> Optional.of(DaemonPart.STATIC);
      case "Kernel" -> Optional.of(DaemonPart.KERNEL);
      case "Direct" -> Optional.of(DaemonPart.DIRECT);
      case "Device" -> Optional.of(DaemonPart.DEVICE);
      default -> Optional.empty();
    };
  }
}
