package dev.aviary.emulator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code aviary wait}. */
@Command(
    name = "wait",
    description = "Waits until every session is up and every route has arrived.",
    footerHeading = "%nExample:%n",
    footer = "  aviary wait && aviary exec node1 -- ip route")
final class WaitCommand implements Callable<Integer> {
  private final Context context;

  WaitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return context.withCluster(
        cluster -> {
          var took = cluster.awaitConverged();
          context
              .console()
              .out()
              .println("converged after %.2f s".formatted(took.toMillis() / 1000.0));
          return ExitCodes.OK;
        });
  }
}
