package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.BirdSockets;
import dev.aviary.emulator.cluster.Cluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code aviary up -f FILE…}. */
@Command(
    name = "up",
    description = "Runs a cluster until Ctrl-C; the other verbs talk to it from another terminal.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary up -f cluster.yaml",
      "  aviary up -f nodes/ -f pods.yaml --bgp-port 0",
      "  aviary up -f cluster.yaml --bird-sockets /tmp/bird  # birdc -s /tmp/bird/node1.ctl",
    })
final class UpCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "A manifest, or a folder of them; may be given several times.")
  private List<String> files = List.of();

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "Where other terminals reach it; $AVIARY_SOCKET by default.")
  private Optional<Path> socket = Optional.empty();

  @Option(
      names = "--bird-sockets",
      paramLabel = "DIR",
      description = "Where every node's BIRD control socket is made: NODE.ctl, NODE6.ctl.")
  private Optional<Path> birdSockets = Optional.empty();

  @Mixin private ClusterOptionsMixin options = new ClusterOptionsMixin();

  UpCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var console = context.console();
    var resources = ClusterFiles.load(files, options.strict(), console);
    if (resources.isEmpty()) {
      return ExitCodes.INPUT;
    }
    var stopped = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    var started = Cluster.start(resources.get(), options.options(), console::progress);
    try (var cluster = started;
        var _ = ControlServer.start(ControlSocket.path(socket), cluster)) {
      // Ctrl-C: the sessions close with Cease before the process goes.
      Shutdown.onInterrupt(asked, stopped);
      cluster.warnings().forEach(warning -> console.err().println("warning: " + warning));
      var took = cluster.awaitConverged();
      console
          .out()
          .println(
              "up: %d nodes, %d pods; converged after %.2f s"
                  .formatted(
                      cluster.nodeNames().size(), cluster.pods().size(), took.toMillis() / 1000.0));
      cluster.speakers().forEach(console.out()::println);
      console.out().flush();
      if (birdSockets.isPresent()) {
        try (var _ = BirdSockets.start(cluster, birdSockets.get())) {
          asked.await();
        }
      } else {
        asked.await();
      }
    } finally {
      console.err().println("aviary: stopped");
      stopped.countDown();
    }
    return ExitCodes.INTERRUPTED;
  }
}
