package dev.aviary.felix.calc;

import java.util.List;

/**
 * The host endpoint that governs an interface of this host; {@link CalicoNames#ALL_INTERFACES}
 * stands for all that have none of their own.
 */
public record ActiveHostEndpoint(
    String interfaceName,
    PolicyNames normal,
    PolicyNames forward,
    PolicyNames preDnat,
    PolicyNames untracked,
    List<String> profiles) {
  public ActiveHostEndpoint {
    profiles = List.copyOf(profiles);
  }

  boolean isWildcard() {
    return interfaceName.equals(CalicoNames.ALL_INTERFACES);
  }
}
