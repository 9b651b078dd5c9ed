package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary run -f FILE… SCRIPT}. */
@Command(
    name = "run",
    description = "Starts a cluster, runs a script's verbs on it, and exits.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary run -f cluster.yaml checks.txt",
      "  where checks.txt has a verb on each line:",
      "    # Is the service reachable?",
      "    trace client master:30000",
      "    exec node1 -- conntrack -L",
      "  The first verb that fails ends it; put - before one that may."
    })
final class RunCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "A manifest, or a folder of them; may be given several times.")
  private List<String> files = List.of();

  @Parameters(index = "0", paramLabel = "SCRIPT", description = "The script's file.")
  private Path script = Path.of("");

  @Mixin private ClusterOptionsMixin options = new ClusterOptionsMixin();

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var console = context.console();
    String text;
    try {
      text = Files.readString(script);
    } catch (NoSuchFileException _) {
      console.err().println("aviary: " + script + ": no such file");
      return ExitCodes.INPUT;
    }
    var resources = ClusterFiles.load(files, options.strict(), console);
    if (resources.isEmpty()) {
      return ExitCodes.INPUT;
    }
    try (var cluster = Cluster.start(resources.get(), options.options(), console::progress)) {
      cluster.awaitConverged();
      return new Script(script.toString(), text).run(cluster, console);
    }
  }
}
