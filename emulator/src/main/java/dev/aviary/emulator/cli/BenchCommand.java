package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.MeshBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code aviary bench …}. */
@Command(
    name = "bench",
    description = "Measurements, to be held beside those of real speakers.",
    subcommands = BenchCommand.Mesh.class)
final class BenchCommand {
  private BenchCommand() {}

  /** {@code aviary bench mesh}. */
  @Command(
      name = "mesh",
      description =
          "A full iBGP mesh over real TCP on loopback, from the start of the JVM until every node has"
              + " every block; one line of JSON.",
      footerHeading = "%nExample:%n",
      footer = "  aviary bench mesh --nodes 50 --blocks 1")
  static final class Mesh implements Callable<Integer> {
    private final Context context;

    @Option(names = "--nodes", paramLabel = "N", required = true, description = "2 to 1000.")
    private int nodes;

    @Option(names = "--blocks", paramLabel = "R", description = "Blocks per node; 1 by default.")
    private int blocks = 1;

    Mesh(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      if (nodes < 2 || nodes > 1000 || blocks < 1 || blocks > 1000) {
        context.console().err().println("aviary: --nodes is 2 to 1000, --blocks 1 to 1000");
        return ExitCodes.USAGE;
      }
      context.console().out().println(MeshBench.run(nodes, blocks));
      return ExitCodes.OK;
    }
  }
}
