package dev.aviary.felix.calc;

import java.util.List;

/** A policy or a profile with its selectors turned into set ids; {@code name} as Felix has it. */
public record ActivePolicy(String name, List<ActiveRule> ingress, List<ActiveRule> egress) {
  public ActivePolicy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  List<ActiveRule> rules(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }
}
