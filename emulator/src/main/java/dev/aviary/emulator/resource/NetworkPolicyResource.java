package dev.aviary.emulator.resource;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network policy in Calico's form: Calico's NetworkPolicy and GlobalNetworkPolicy as they are,
 * Kubernetes' NetworkPolicy as Calico converts it.
 *
 * @param order the lower the earlier; empty is last
 * @param serviceAccountSelector empty if not given, like {@code namespaceSelector}
 */
public record NetworkPolicyResource(
    Metadata metadata,
    Source source,
    Origin origin,
    Optional<Double> order,
    String selector,
    String namespaceSelector,
    String serviceAccountSelector,
    boolean ingressApplies,
    boolean egressApplies,
    List<Rule> ingress,
    List<Rule> egress,
    boolean doNotTrack,
    boolean preDnat,
    boolean applyOnForward)
    implements Resource {

  public NetworkPolicyResource {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** Whose kind it is. */
  public enum Origin {
    KUBERNETES,
    CALICO,
    GLOBAL
  }

  /** What happens to traffic that matches. */
  public enum Action {
    ALLOW("Allow"),
    DENY("Deny"),
    LOG("Log"),
    PASS("Pass");

    private final String text;

    Action(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * One rule; a missing part matches everything.
   *
   * @param ipVersion 4 or 6
   * @param protocol a name such as {@code TCP}, or a number
   */
  public record Rule(
      Action action,
      Optional<Integer> ipVersion,
      Optional<String> protocol,
      Optional<String> notProtocol,
      Optional<Icmp> icmp,
      Optional<Icmp> notIcmp,
      Entity source,
      Entity destination) {}

  /** An ICMP type, and a code where one is given. */
  public record Icmp(int type, Optional<Integer> code) {}

  /** One end of the traffic. Ports are numbers, ranges "a:b", or names. */
  public record Entity(
      List<Prefix> nets,
      List<Prefix> notNets,
      String selector,
      String notSelector,
      String namespaceSelector,
      List<String> ports,
      List<String> notPorts,
      List<String> serviceAccountNames,
      String serviceAccountSelector,
      Optional<ServiceRef> service) {
    public static final Entity ANY =
        new Entity(
            List.of(),
            List.of(),
            "",
            "",
            "",
            List.of(),
            List.of(),
            List.of(),
            "",
            Optional.empty());

    public Entity {
      nets = List.copyOf(nets);
      notNets = List.copyOf(notNets);
      ports = List.copyOf(ports);
      notPorts = List.copyOf(notPorts);
      serviceAccountNames = List.copyOf(serviceAccountNames);
    }
  }

  /** A service whose endpoints are meant. */
  public record ServiceRef(String namespace, String name) {}

  static NetworkPolicyResource readCalico(Fields fields, Source source, boolean global) {
    var metadata = Metadata.read(fields, !global);
    var spec = fields.object("spec");
    var types = spec.texts("types");
    for (var type : types) {
      if (!type.equals("Ingress") && !type.equals("Egress")) {
        spec.problem("types", "must be Ingress or Egress, is '" + type + "'");
      }
    }
    var ingress = rules(spec, "ingress", metadata.namespace());
    var egress = rules(spec, "egress", metadata.namespace());
    // Calico's defaulting of spec.types.
    boolean egressApplies = types.isEmpty() ? spec.has("egress") : types.contains("Egress");
    boolean ingressApplies =
        types.isEmpty() ? spec.has("ingress") || !egressApplies : types.contains("Ingress");
    boolean doNotTrack = global && spec.flag("doNotTrack", false);
    boolean preDnat = global && spec.flag("preDNAT", false);
    var read =
        new NetworkPolicyResource(
            metadata,
            source,
            global ? Origin.GLOBAL : Origin.CALICO,
            order(spec),
            spec.text("selector", ""),
            global ? spec.text("namespaceSelector", "") : "",
            spec.text("serviceAccountSelector", ""),
            ingressApplies,
            egressApplies,
            ingress,
            egress,
            doNotTrack,
            preDnat,
            !global || spec.flag("applyOnForward", false) || doNotTrack || preDnat);
    spec.accept("performanceHints");
    spec.done();
    return read;
  }

  private static Optional<Double> order(Fields spec) {
    return spec.parsed(
        "order",
        text -> {
          try {
            return Optional.of(Double.valueOf(text));
          } catch (NumberFormatException _) {
            return Optional.empty();
          }
        },
        "a number");
  }

  static List<Rule> rules(Fields spec, String name, String namespace) {
    var found = new ArrayList<Rule>();
    for (var rule : spec.objects(name)) {
      found.add(
          new Rule(
              rule.oneOf("action", Action.values(), Action::text).orElse(Action.ALLOW),
              rule.number("ipVersion", 4, 6),
              rule.text("protocol"),
              rule.text("notProtocol"),
              icmp(rule, "icmp"),
              icmp(rule, "notICMP"),
              entity(rule.object("source"), namespace),
              entity(rule.object("destination"), namespace)));
      if (!rule.has("action")) {
        rule.problem("action", "is required");
      }
      rule.accept("metadata");
      if (rule.has("http")) {
        rule.problem("http", "is not implemented: it needs a proxy in the path");
      }
      rule.done();
    }
    return found;
  }

  private static Optional<Icmp> icmp(Fields rule, String name) {
    if (!rule.has(name)) {
      return Optional.empty();
    }
    var icmp = rule.object(name);
    var code = icmp.number("code", 0, 255);
    var read = icmp.number("type", 0, 254).map(type -> new Icmp(type, code));
    icmp.done();
    return read;
  }

  private static Entity entity(Fields entity, String namespace) {
    var accounts = entity.object("serviceAccounts");
    var service = entity.object("services");
    var read =
        new Entity(
            nets(entity, "nets"),
            nets(entity, "notNets"),
            entity.text("selector", ""),
            entity.text("notSelector", ""),
            entity.text("namespaceSelector", ""),
            entity.texts("ports"),
            entity.texts("notPorts"),
            accounts.texts("names"),
            accounts.text("selector", ""),
            service
                .text("name")
                .map(name -> new ServiceRef(service.text("namespace", namespace), name)));
    accounts.done();
    service.accept("namespace");
    service.done();
    entity.done();
    return read;
  }

  private static List<Prefix> nets(Fields entity, String name) {
    var found = new ArrayList<Prefix>();
    for (var text : entity.texts(name)) {
      var prefix =
          text.contains("/")
              ? Prefix.parse(text)
              : dev.aviary.net.IpAddress.parse(text).map(dev.aviary.net.IpAddress::toPrefix);
      prefix.ifPresentOrElse(found::add, () -> entity.problem(name, "'" + text + "' is no prefix"));
    }
    return found;
  }
}
