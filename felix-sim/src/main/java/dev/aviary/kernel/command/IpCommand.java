package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** {@code ip}: its options, then the object. */
final class IpCommand {
  /** What stands between "ip" and the object. */
  record Options(IpFamily family, boolean familyGiven, boolean json, boolean details) {}

  private IpCommand() {}

  static CommandResult run(Kernel kernel, List<String> arguments) {
    var family = IpFamily.IPV4;
    boolean familyGiven = false;
    boolean json = false;
    boolean details = false;
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      var option = arguments.get(at++);
      switch (option) {
        case "-4" -> familyGiven = true;
        case "-6" -> {
          family = IpFamily.IPV6;
          familyGiven = true;
        }
        case "-j", "-json" -> json = true;
        case "-d", "-details" -> details = true;
        default -> {
          return CommandResult.failed(
              255, "Option \"" + option + "\" is unknown, try \"ip -help\".");
        }
      }
    }
    if (at >= arguments.size()) {
      return CommandResult.failed(255, "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }");
    }
    var options = new Options(family, familyGiven, json, details);
    var object = arguments.get(at);
    var rest = new ArrayList<>(arguments.subList(at + 1, arguments.size()));
    if ("route".startsWith(object)) {
      return IpRoute.run(kernel, options, rest);
    }
    if ("address".startsWith(object)) {
      return IpLink.addr(kernel, options, rest);
    }
    if ("link".startsWith(object)) {
      return IpLink.link(kernel, rest);
    }
    if ("neighbor".startsWith(object) || "neighbour".startsWith(object)) {
      return IpNeigh.run(kernel, options, rest);
    }
    if (object.length() > 1 && "rule".startsWith(object)) {
      return IpRule.run(kernel, options, rest);
    }
    return CommandResult.failed(1, "Object \"" + object + "\" is unknown, try \"ip help\".");
  }
}
