package dev.aviary.emulator.cluster;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.command.Commands;
import java.util.List;

/** Runs Linux's commands on a simulated kernel. */
final class Exec {
  private Exec() {}

  static ExecResult run(Kernel kernel, List<String> command) {
    var result = Commands.run(kernel, command);
    return new ExecResult(result.stdout(), result.stderr(), result.exit());
  }
}
