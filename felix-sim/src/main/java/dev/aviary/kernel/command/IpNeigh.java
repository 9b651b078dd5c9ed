package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Neighbor;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import java.util.List;

/** {@code ip neigh}. */
final class IpNeigh {
  private static final int USAGE = 255;

  private IpNeigh() {}

  static CommandResult run(Kernel kernel, IpCommand.Options options, List<String> words) {
    var command = words.isEmpty() ? "show" : words.getFirst();
    var rest = words.isEmpty() ? words : words.subList(1, words.size());
    return switch (command) {
      case "show", "list", "ls" -> show(kernel, options, rest);
      case "add", "replace", "change" -> put(kernel, rest, command.equals("add"));
      case "del", "delete" -> delete(kernel, rest);
      case "flush" -> {
        int dev = rest.indexOf("dev");
        if (dev >= 0 && dev + 1 < rest.size()) {
          kernel.neighbors().flush(rest.get(dev + 1));
        } else {
          kernel.neighbors().flush();
        }
        yield CommandResult.ok("");
      }
      default ->
          CommandResult.failed(
              USAGE, "Command \"" + command + "\" is unknown, try \"ip neigh help\".");
    };
  }

  private static CommandResult show(Kernel kernel, IpCommand.Options options, List<String> words) {
    int dev = words.indexOf("dev");
    var device = dev >= 0 && dev + 1 < words.size() ? words.get(dev + 1) : "";
    var out = new StringBuilder();
    for (var neighbor : kernel.neighbors().list()) {
      boolean wanted =
          (device.isEmpty() || neighbor.device().equals(device))
              && (!options.familyGiven() || neighbor.address().family() == options.family())
              && neighbor.state() != Neighbor.State.NOARP;
      if (wanted) {
        out.append(line(neighbor, device.isEmpty())).append('\n');
      }
    }
    return CommandResult.ok(out.toString());
  }

  private static String line(Neighbor neighbor, boolean withDevice) {
    return neighbor.address()
        + " "
        + (withDevice ? "dev " + neighbor.device() + " " : "")
        + (neighbor.mac() == null ? "" : "lladdr " + neighbor.mac() + " ")
        + neighbor.state()
        + " ";
  }

  private static CommandResult put(Kernel kernel, List<String> words, boolean onlyNew) {
    IpAddress address = null;
    MacAddress mac = null;
    var device = "";
    boolean proxy = false;
    for (int i = 0; i < words.size(); i++) {
      var next = i + 1 < words.size() ? words.get(i + 1) : "";
      switch (words.get(i)) {
        case "dev" -> {
          device = next;
          i++;
        }
        case "lladdr" -> {
          mac = MacAddress.parse(next).orElse(null);
          i++;
        }
        case "nud" -> i++;
        case "proxy" -> {
          proxy = true;
          address = IpAddress.parse(next).orElse(null);
          i++;
        }
        default -> address = IpAddress.parse(words.get(i)).orElse(null);
      }
    }
    if (address == null || kernel.links().find(device).isEmpty()) {
      return CommandResult.failed(USAGE, "Device and destination are required arguments.");
    }
    if (proxy) {
      kernel.neighbors().addProxy(device, address);
      return CommandResult.ok("");
    }
    if (mac == null) {
      return CommandResult.failed(2, "RTNETLINK answers: Invalid argument");
    }
    if (onlyNew && kernel.neighbors().find(device, address).isPresent()) {
      return CommandResult.failed(2, "RTNETLINK answers: File exists");
    }
    kernel.neighbors().put(device, address, mac, Neighbor.State.PERMANENT);
    return CommandResult.ok("");
  }

  private static CommandResult delete(Kernel kernel, List<String> words) {
    int dev = words.indexOf("dev");
    var device = dev >= 0 && dev + 1 < words.size() ? words.get(dev + 1) : "";
    var address = words.isEmpty() ? null : IpAddress.parse(words.getFirst()).orElse(null);
    if (address == null || device.isEmpty()) {
      return CommandResult.failed(USAGE, "Device and destination are required arguments.");
    }
    return kernel.neighbors().remove(device, address)
        ? CommandResult.ok("")
        : CommandResult.failed(2, "RTNETLINK answers: No such file or directory");
  }
}
