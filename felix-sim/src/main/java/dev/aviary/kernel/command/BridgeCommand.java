package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code bridge fdb} of iproute2 6.1: where VXLAN devices send what is for a link-layer address,
 * and which groups the other devices listen to.
 */
final class BridgeCommand {
  private static final int FAILED = 255;

  /** Those that a bridge joins because it wants to know who else listens to groups. */
  private static final List<String> SNOOPERS = List.of("01:00:5e:00:00:6a", "33:33:00:00:00:6a");

  private final Kernel kernel;
  private boolean statistics;

  private BridgeCommand(Kernel kernel) {
    this.kernel = kernel;
  }

  static CommandResult run(Kernel kernel, List<String> arguments) {
    return new BridgeCommand(kernel).run(arguments);
  }

  private static CommandResult failed(String text) {
    return CommandResult.failed(FAILED, text);
  }

  private CommandResult run(List<String> arguments) {
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      var option = arguments.get(at++);
      switch (option) {
        case "-s", "-stats", "-statistics" -> statistics = true;
        case "-d", "-details" -> {} // says no more of such entries
        case "-V", "-Version" -> {
          return CommandResult.ok("bridge utility, 6.1.0\n");
        }
        default -> {
          return failed("Option \"" + option + "\" is unknown, try \"bridge help\".");
        }
      }
    }
    if (at >= arguments.size()) {
      return failed("Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }");
    }
    var object = arguments.get(at);
    if (!"fdb".startsWith(object)) {
      return failed("Object \"" + object + "\" is unknown, try \"bridge help\".");
    }
    var rest = arguments.subList(at + 1, arguments.size());
    var command = rest.isEmpty() ? "show" : rest.getFirst();
    var words = rest.isEmpty() ? rest : rest.subList(1, rest.size());
    return switch (command) {
      case "show", "list", "lst" -> show(words);
      case "add", "append", "replace", "del", "delete" -> change(command, words);
      default -> failed("Command \"" + command + "\" is unknown, try \"bridge fdb help\".");
    };
  }

  private CommandResult show(List<String> words) {
    Link only = null;
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "dev", "brport" -> {
          if (++i >= words.size()) {
            return failed("Command line is not complete. Try option \"help\"");
          }
          only = kernel.links().find(words.get(i)).orElse(null);
          if (only == null) {
            return failed("Cannot find device \"" + words.get(i) + "\"");
          }
        }
        default -> {} // the tool passes over what it does not know here
      }
    }
    var lines = new ArrayList<String>();
    for (var link : only == null ? kernel.links().list() : List.of(only)) {
      entries(link, only == null ? " dev " + link.name() : "", lines);
    }
    return CommandResult.ok(Commands.lines(lines));
  }

  private void entries(Link link, String device, List<String> lines) {
    var used = statistics ? " used 0/0" : "";
    switch (link) {
      case Link.Vxlan vxlan ->
          vxlan
              .forwarding()
              .forEach(
                  (mac, to) -> lines.add(mac + device + " dst " + to + used + " self permanent"));
      case Link.Physical _, Link.Veth _ ->
          groups(link, List.of()).forEach(mac -> lines.add(mac + device + " self permanent"));
      case Link.Bridge _ -> {
        groups(link, SNOOPERS).forEach(mac -> lines.add(mac + device + " self permanent"));
        lines.add(link.mac() + device + " master " + link.name() + " permanent");
      }
      case Link.Loopback _, Link.IpIp _ -> {} // no Ethernet
    }
  }

  /**
   * All hosts of each family, {@code more}, and the group of each IPv6 address (RFC 4291 §2.7.1).
   */
  private static List<String> groups(Link link, List<String> more) {
    var groups = new ArrayList<>(List.of("33:33:00:00:00:01"));
    if (!link.isUp()) {
      return groups;
    }
    groups.addAll(more);
    groups.add("01:00:5e:00:00:01");
    for (var address : link.addresses(IpFamily.IPV6)) {
      var octets = address.address().octets();
      var group =
          String.format(
              Locale.ROOT,
              "33:33:ff:%02x:%02x:%02x",
              octets[13] & 0xff,
              octets[14] & 0xff,
              octets[15] & 0xff);
      if (!groups.contains(group)) {
        groups.add(group);
      }
    }
    return groups;
  }

  private CommandResult change(String command, List<String> words) {
    @Nullable String address = null;
    @Nullable String device = null;
    @Nullable IpAddress to = null;
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      boolean takesOne = word.equals("dev") || word.equals("dst");
      if (takesOne && ++i >= words.size()) {
        return failed("Command line is not complete. Try option \"help\"");
      }
      switch (word) {
        case "dev" -> device = words.get(i);
        case "dst" -> {
          var parsed = IpAddress.parse(words.get(i));
          if (parsed.isEmpty()) {
            return failed(
                "Error: any valid address is expected rather than \"" + words.get(i) + "\".");
          }
          to = parsed.get();
        }
        case "self", "permanent", "local" -> {} // as all are
        default -> {
          if (address != null) {
            return failed("Error: either \"to\" is duplicate, or \"" + word + "\" is a garbage.");
          }
          address = word;
        }
      }
    }
    if (address == null || device == null) {
      return failed("Device and address are required arguments.");
    }
    var mac = MacAddress.parse(address);
    if (mac.isEmpty()) {
      return failed("Invalid mac address " + address);
    }
    var link = kernel.links().find(device).orElse(null);
    if (link == null) {
      return failed("Cannot find device \"" + device + "\"");
    }
    if (!(link instanceof Link.Vxlan vxlan)) {
      return failed("RTNETLINK answers: Operation not supported");
    }
    return change(command, vxlan, mac.get(), to);
  }

  private static CommandResult change(
      String command, Link.Vxlan vxlan, MacAddress mac, @Nullable IpAddress to) {
    boolean known = vxlan.forwarding().containsKey(mac);
    if (command.startsWith("del")) {
      if (!known) {
        return failed("RTNETLINK answers: No such file or directory");
      }
      vxlan.forget(mac);
      return CommandResult.ok("");
    }
    if (command.equals("add") && known) {
      return failed("RTNETLINK answers: File exists");
    }
    if (to == null) {
      return failed("RTNETLINK answers: Invalid argument");
    }
    // An address that is no group has one end: append leaves the one that is there.
    if (!known || !command.equals("append")) {
      vxlan.forward(mac, to);
    }
    return CommandResult.ok("");
  }
}
