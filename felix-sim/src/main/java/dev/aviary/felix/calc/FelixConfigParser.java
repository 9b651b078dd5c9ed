package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Validation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** From a FelixConfiguration's settings to a {@link FelixConfig}, with every mistake in them. */
final class FelixConfigParser {
  private static final String FAILSAFE_IN =
      "tcp:22,udp:68,tcp:179,tcp:2379,tcp:2380,tcp:5473,tcp:6443,tcp:6666,tcp:6667";
  private static final String FAILSAFE_OUT =
      "udp:53,udp:67,tcp:179,tcp:2379,tcp:2380,tcp:5473,tcp:6443,tcp:6666,tcp:6667";

  private final Map<String, String> settings = new HashMap<>();
  private final Map<String, String> spelling = new HashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  FelixConfigParser(Map<String, String> given) {
    given.forEach(
        (name, value) -> {
          settings.put(name.toLowerCase(Locale.ROOT), value.strip());
          spelling.put(name.toLowerCase(Locale.ROOT), name);
        });
  }

  Validation<Seq<String>, FelixConfig> parse() {
    boolean wireguard = flag("wireguardEnabled", false);
    int wireguardPort = number("wireguardListeningPort", 51820, 1, 65535);
    var config =
        new FelixConfig(
            list("interfacePrefix", "cali", FelixConfigParser::interfacePrefix),
            flag("ipv6Support", true),
            choice("chainInsertMode", "insert", "append").equals("insert"),
            verdict("defaultEndpointToHostAction", "Drop", "Accept", "Return"),
            verdict("iptablesFilterAllowAction", "Accept", "Return"),
            verdict("iptablesMangleAllowAction", "Accept", "Return"),
            markMask(wireguard),
            text("logPrefix", "calico-packet"),
            flag("disableConntrackInvalidCheck", false),
            loopPrevention(),
            failsafes("failsafeInboundHostPorts", FAILSAFE_IN, wireguard, wireguardPort),
            failsafes("failsafeOutboundHostPorts", FAILSAFE_OUT, wireguard, wireguardPort),
            new Encapsulation(
                flag("ipipEnabled", false) || flag("ipInIpEnabled", false),
                flag("vxlanEnabled", false),
                number("vxlanPort", 4789, 1, 65535),
                number("vxlanVNI", 4096, 1, 0xffffff),
                flag("allowIPIPPacketsFromWorkloads", false),
                flag("allowVXLANPacketsFromWorkloads", false),
                list("externalNodesList", "", FelixConfigParser::net)),
            new NatSettings(
                natPortRange(),
                address("natOutgoingAddress"),
                text("iptablesNATOutgoingInterfaceFilter", ""),
                randomFully("SNATFullyRandom"),
                randomFully("MASQFullyRandom")),
            new RouteSettings(
                number("deviceRouteProtocol", RouteSettings.BOOT, 0, 255),
                address("deviceRouteSourceAddress"),
                flag("removeExternalRoutes", true)),
            flag("kubeIPVSSupport", false),
            list("kubeNodePortRanges", "30000:32767", FelixConfigParser::ports),
            wireguardPort,
            wireguard,
            flag("wireguardHostEncryptionEnabled", false),
            number("maxIpsetSize", 1048576, 1, Integer.MAX_VALUE));
    unknown();
    return problems.isEmpty()
        ? Validation.valid(config)
        : Validation.invalid(Vector.ofAll(problems));
  }

  /** Settings that Felix has and that nothing in this data plane depends on. */
  private boolean hasNoEffect(String name) {
    return name.startsWith("bpf")
        || name.startsWith("health")
        || name.startsWith("prometheus")
        || name.startsWith("usagereporting")
        || name.startsWith("log")
        || name.startsWith("debug")
        || name.startsWith("openstack")
        || name.startsWith("metadata")
        || name.startsWith("wireguard")
        || name.startsWith("flowlogs")
        || name.startsWith("endpointreporting")
        || name.endsWith("interval")
        || name.endsWith("intervalsecs")
        || name.endsWith("mtu")
        || name.startsWith("iptableslock")
        || Set.of(
                "awssrcdstcheck",
                "datastoretype",
                "devicecleanup",
                "featuredetectoverride",
                "floatingips",
                "genericxdpenabled",
                "interfaceexclude",
                "iptablesbackend",
                "mtuifacepattern",
                "reportinginterval",
                "routesource",
                "routetablerange",
                "routetableranges",
                "sidecaraccelerationenabled",
                "usagereportingenabled",
                "useinternaldataplanedriver",
                "dataplanedriver",
                "dataplanewatchdogtimeout",
                "xdpenabled",
                "vxlanvni",
                "netlinktimeoutsecs",
                "policysyncpathprefix")
            .contains(name);
  }

  private void unknown() {
    settings.keySet().stream()
        .filter(name -> !asked.contains(name) && !hasNoEffect(name))
        .sorted()
        .forEach(name -> problems.add(spelling.get(name) + ": Felix has no such setting"));
  }

  private String text(String name, String otherwise) {
    var key = name.toLowerCase(Locale.ROOT);
    asked.add(key);
    return settings.getOrDefault(key, otherwise);
  }

  private void problem(String name, String value, String must) {
    problems.add(name + ": must be " + must + ", is '" + value + "'");
  }

  private boolean flag(String name, boolean otherwise) {
    var value = text(name, Boolean.toString(otherwise)).toLowerCase(Locale.ROOT);
    return switch (value) {
      case "true", "1", "yes", "y", "t", "enabled" -> true;
      case "false", "0", "no", "n", "f", "disabled" -> false;
      default -> {
        problem(name, value, "true or false");
        yield otherwise;
      }
    };
  }

  private int number(String name, int otherwise, int least, int most) {
    var value = text(name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, in the same words as for a number out of range.
    }
    problem(name, value, least + " to " + most);
    return otherwise;
  }

  /** One of {@code choices}, of which the first is the default. */
  private String choice(String name, String... choices) {
    var value = text(name, choices[0]);
    for (var choice : choices) {
      if (choice.equalsIgnoreCase(value)) {
        return choice;
      }
    }
    problem(name, value, String.join(" or ", choices));
    return choices[0];
  }

  private Verdict verdict(String name, String... choices) {
    return Verdict.valueOf(choice(name, choices).toUpperCase(Locale.ROOT));
  }

  private Optional<Verdict> loopPrevention() {
    var choice = choice("serviceLoopPrevention", "Drop", "Reject", "Disabled");
    return choice.equals("Disabled")
        ? Optional.empty()
        : Optional.of(Verdict.valueOf(choice.toUpperCase(Locale.ROOT)));
  }

  private int markMask(boolean wireguard) {
    var value = text("iptablesMarkMask", "0xffff0000");
    try {
      long mask = Long.decode(value);
      if (mask >>> 32 == 0 && Long.bitCount(mask) >= (wireguard ? 5 : 4)) {
        return (int) mask;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    problem(
        "iptablesMarkMask", value, "a 32-bit mask of at least " + (wireguard ? 5 : 4) + " bits");
    return 0xffff0000;
  }

  private String natPortRange() {
    var value = text("natPortRange", "");
    return value.isEmpty() ? value : value.replace(':', '-');
  }

  private boolean randomFully(String feature) {
    var override = text("featureDetectOverride", "");
    for (var item : override.split(",", -1)) {
      var parts = item.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equals(feature)) {
        return Boolean.parseBoolean(parts[1]);
      }
    }
    return true;
  }

  private Optional<IpAddress> address(String name) {
    var value = text(name, "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    var address = IpAddress.parse(value);
    if (address.isEmpty()) {
      problem(name, value, "an IP address");
    }
    return address;
  }

  private <T> List<T> list(String name, String otherwise, Function<String, Optional<T>> item) {
    var items = new ArrayList<T>();
    for (var part : text(name, otherwise).split(",", -1)) {
      if (!part.isBlank()) {
        item.apply(part.strip())
            .ifPresentOrElse(items::add, () -> problems.add(name + ": can't read '" + part + "'"));
      }
    }
    return items;
  }

  private List<FailsafePort> failsafes(
      String name, String otherwise, boolean wireguard, int wireguardPort) {
    var value = text(name, otherwise);
    if (value.equalsIgnoreCase("none")) {
      return List.of();
    }
    var ports = new ArrayList<>(list(name, otherwise, FelixConfigParser::failsafe));
    // Without it a host would cut itself off from its peers.
    if (wireguard && !ports.contains(FailsafePort.of(Protocol.UDP, wireguardPort))) {
      ports.add(FailsafePort.of(Protocol.UDP, wireguardPort));
    }
    return ports;
  }

  private static Optional<String> interfacePrefix(String text) {
    return text.matches("[a-zA-Z0-9_-]{1,15}") ? Optional.of(text) : Optional.empty();
  }

  private static Optional<Prefix> net(String text) {
    return Prefix.parse(text).or(() -> IpAddress.parse(text).map(IpAddress::toPrefix));
  }

  private static Optional<PortRange> ports(String text) {
    var ends = text.split(":", -1);
    if (ends.length > 2) {
      return Optional.empty();
    }
    var first = port(ends[0]);
    var last = port(ends[ends.length - 1]);
    return first.isPresent() && last.isPresent() && first.get() <= last.get()
        ? Optional.of(new PortRange(first.get(), last.get()))
        : Optional.empty();
  }

  private static Optional<Integer> port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port >= 0 && port <= 65535 ? Optional.of(port) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** "port", "protocol:port" or "protocol:net:port", an IPv6 net in brackets. */
  private static Optional<FailsafePort> failsafe(String text) {
    int last = text.lastIndexOf(':');
    var port = port(text.substring(last + 1));
    if (port.isEmpty()) {
      return Optional.empty();
    }
    if (last < 0) {
      return Optional.of(FailsafePort.of(Protocol.TCP, port.get()));
    }
    int first = text.indexOf(':');
    var protocol = text.substring(0, first).toLowerCase(Locale.ROOT);
    if (!protocol.equals("tcp") && !protocol.equals("udp")) {
      return Optional.empty();
    }
    if (first == last) {
      return Optional.of(FailsafePort.of(new Protocol(protocol), port.get()));
    }
    var net = net(text.substring(first + 1, last).replace("[", "").replace("]", ""));
    return net.map(n -> new FailsafePort(new Protocol(protocol), Optional.of(n), port.get()));
  }
}
