package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** {@code sysctl [-n] [-w] [-a] NAME…|NAME=VALUE…}. */
final class SysctlCommand {
  private SysctlCommand() {}

  static CommandResult run(Kernel kernel, List<String> arguments) {
    boolean valuesOnly = false;
    boolean all = false;
    var names = new ArrayList<String>();
    for (var word : arguments) {
      switch (word) {
        case "-n", "--values" -> valuesOnly = true;
        case "-w", "--write", "-q", "--quiet", "-e" -> {}
        case "-a", "-A", "--all" -> all = true;
        default -> names.add(word);
      }
    }
    var out = new StringBuilder();
    if (all) {
      kernel
          .sysctls()
          .list()
          .forEach((name, value) -> out.append(name).append(" = ").append(value).append('\n'));
      return CommandResult.ok(out.toString());
    }
    var errors = new StringBuilder();
    for (var name : names) {
      one(kernel, name, valuesOnly, out, errors);
    }
    return new CommandResult(out.toString(), errors.toString(), errors.isEmpty() ? 0 : 255);
  }

  private static void one(
      Kernel kernel, String text, boolean valuesOnly, StringBuilder out, StringBuilder errors) {
    int equals = text.indexOf('=');
    var name = (equals < 0 ? text : text.substring(0, equals)).strip();
    if (equals >= 0 && !kernel.sysctls().set(name, text.substring(equals + 1))) {
      boolean known = kernel.sysctls().get(name).isPresent();
      errors.append(
          known
              ? "sysctl: setting key \"" + name + "\": Invalid argument\n"
              : "sysctl: cannot stat /proc/sys/"
                  + name.replace('.', '/')
                  + ": No such file or directory\n");
      return;
    }
    var value = kernel.sysctls().get(name);
    if (value.isEmpty()) {
      errors
          .append("sysctl: cannot stat /proc/sys/")
          .append(name.replace('.', '/'))
          .append(": No such file or directory\n");
      return;
    }
    out.append(valuesOnly ? "" : name + " = ").append(value.get()).append('\n');
  }
}
