package dev.aviary.felix.calc;

import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A rule of a policy as a user wrote it, selectors and all. */
public record PolicyRule(
    RuleAction action,
    Optional<IpFamily> family,
    Optional<Protocol> protocol,
    Optional<Protocol> notProtocol,
    Peer source,
    Peer destination,
    Optional<Icmp> icmp,
    Optional<Icmp> notIcmp,
    Map<String, String> annotations) {
  public PolicyRule {
    annotations = Map.copyOf(annotations);
  }

  /** A rule that every packet matches. */
  public static PolicyRule any(RuleAction action) {
    return of(action, Optional.empty(), Peer.ANY, Peer.ANY);
  }

  public static PolicyRule of(
      RuleAction action, Optional<Protocol> protocol, Peer source, Peer destination) {
    return new PolicyRule(
        action,
        Optional.empty(),
        protocol,
        Optional.empty(),
        source,
        destination,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /**
   * One end of the traffic. Selectors are texts of the selector language, empty where not given;
   * what is none is refused by an {@link IllegalArgumentException}.
   */
  public record Peer(
      List<Prefix> nets,
      List<Prefix> notNets,
      List<RulePort> ports,
      List<RulePort> notPorts,
      String selector,
      String notSelector,
      Optional<String> namespaceSelector,
      Optional<ServiceAccounts> serviceAccounts,
      Optional<ServiceName> service) {
    /** Anyone. */
    public static final Peer ANY = ofSelector("");

    public Peer {
      Selector.of(selector);
      Selector.of(notSelector);
      namespaceSelector.ifPresent(Selector::of);
      nets = List.copyOf(nets);
      notNets = List.copyOf(notNets);
      ports = List.copyOf(ports);
      notPorts = List.copyOf(notPorts);
    }

    public static Peer ofSelector(String selector) {
      return new Peer(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          selector,
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    public static Peer ofNets(List<? extends Prefix> nets, List<? extends Prefix> notNets) {
      return new Peer(
          List.copyOf(nets),
          List.copyOf(notNets),
          List.of(),
          List.of(),
          "",
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    public Peer withPorts(List<RulePort> ports) {
      return new Peer(
          nets,
          notNets,
          ports,
          notPorts,
          selector,
          notSelector,
          namespaceSelector,
          serviceAccounts,
          service);
    }

    public Peer withNamespaceSelector(String namespaceSelector) {
      return new Peer(
          nets,
          notNets,
          ports,
          notPorts,
          selector,
          notSelector,
          Optional.of(namespaceSelector),
          serviceAccounts,
          service);
    }
  }

  /** A port by number or by name. */
  public sealed interface RulePort {
    record Numbered(PortRange range) implements RulePort {}

    record Named(String name) implements RulePort {}

    static RulePort of(int port) {
      return new Numbered(PortRange.of(port));
    }
  }

  /** Service accounts by name, by selector, or by both. */
  public record ServiceAccounts(List<String> names, String selector) {
    public ServiceAccounts {
      Selector.of(selector);
      names = List.copyOf(names);
    }
  }

  /** A Kubernetes service; rules of a namespaced policy mean one of their own namespace. */
  public record ServiceName(String namespace, String name) {}
}
