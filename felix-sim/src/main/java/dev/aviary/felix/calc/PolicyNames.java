package dev.aviary.felix.calc;

import java.util.List;

/** The policies that apply in each direction, in order. */
public record PolicyNames(List<String> ingress, List<String> egress) {
  public static final PolicyNames NONE = new PolicyNames(List.of(), List.of());

  public PolicyNames {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  public List<String> of(Direction direction) {
    return direction == Direction.INGRESS ? ingress : egress;
  }

  public boolean isEmpty() {
    return ingress.isEmpty() && egress.isEmpty();
  }
}
