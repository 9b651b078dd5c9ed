package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.Verdict;
import io.vavr.collection.Seq;
import io.vavr.control.Validation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Felix is told: the FelixConfiguration, with Felix's defaults where that says nothing. */
public record FelixConfig(
    List<String> interfacePrefixes,
    boolean ipv6Support,
    boolean insertHooks,
    Verdict endpointToHostAction,
    Verdict filterAllowAction,
    Verdict mangleAllowAction,
    int markMask,
    String logPrefix,
    boolean disableConntrackInvalidCheck,
    Optional<Verdict> serviceLoopPrevention,
    List<FailsafePort> failsafeInbound,
    List<FailsafePort> failsafeOutbound,
    Encapsulation encapsulation,
    NatSettings nat,
    RouteSettings routes,
    boolean ipvs,
    List<PortRange> nodePortRanges,
    int wireguardPort,
    boolean wireguard,
    boolean wireguardHostEncryption,
    int maxIpSetSize) {
  public FelixConfig {
    interfacePrefixes = List.copyOf(interfacePrefixes);
    failsafeInbound = List.copyOf(failsafeInbound);
    failsafeOutbound = List.copyOf(failsafeOutbound);
    nodePortRanges = List.copyOf(nodePortRanges);
  }

  /** Felix's own defaults. Where Calico runs Kubernetes, its manifests set some differently. */
  public static FelixConfig defaults() {
    return of(Map.of());
  }

  /**
   * Reads settings by the names that a FelixConfiguration's spec has, in any case of letters.
   *
   * @throws IllegalArgumentException with all problems, if there are some
   */
  public static FelixConfig of(Map<String, String> settings) {
    var parsed = parse(settings);
    if (parsed.isInvalid()) {
      throw new IllegalArgumentException(parsed.getError().mkString("; "));
    }
    return parsed.get();
  }

  /** As {@link #of}, with the problems as a value, each beginning with the setting's name. */
  public static Validation<Seq<String>, FelixConfig> parse(Map<String, String> settings) {
    return new FelixConfigParser(settings).parse();
  }

  /** The mark bits that follow from {@link #markMask}. */
  public MarkBits marks() {
    return MarkBits.allocate(markMask, wireguard);
  }

  /** True if {@code interfaceName} is a workload's by its prefix. */
  public boolean isWorkloadInterface(String interfaceName) {
    return interfacePrefixes.stream().anyMatch(interfaceName::startsWith);
  }
}
