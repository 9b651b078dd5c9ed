package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.conntrack.ConntrackText;
import java.util.List;

/** {@code cat} of the files below /proc and /sys that tell about the network. */
final class ProcFiles {
  private ProcFiles() {}

  static CommandResult cat(Kernel kernel, List<String> files) {
    var out = new StringBuilder();
    for (var file : files) {
      if (file.equals("/proc/net/nf_conntrack")) {
        for (var entry : kernel.conntrack().entries()) {
          out.append(ConntrackText.proc(entry, kernel.conntrack().now())).append('\n');
        }
      } else {
        var value =
            file.startsWith("/proc/sys/")
                ? kernel.sysctls().get(file.substring("/proc/sys/".length()))
                : java.util.Optional.<String>empty();
        if (value.isEmpty()) {
          return new CommandResult(
              out.toString(), "cat: " + file + ": No such file or directory\n", 1);
        }
        out.append(value.get()).append('\n');
      }
    }
    return CommandResult.ok(out.toString());
  }
}
