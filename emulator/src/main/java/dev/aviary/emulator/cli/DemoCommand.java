package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code aviary demo}. */
@Command(
    name = "demo",
    description = "A two-node cluster from start to packets: what it is, what it prints.",
    footerHeading = "%nExample:%n",
    footer = "  aviary demo --manifest > cluster.yaml && aviary up -f cluster.yaml")
final class DemoCommand implements Callable<Integer> {
  private static final String FOLDER = "/dev/aviary/emulator/demo/";

  private final Context context;

  @Option(names = "--manifest", description = "Print the cluster's manifest instead.")
  private boolean manifest;

  DemoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var console = context.console();
    var text = read("cluster.yaml");
    if (manifest) {
      console.out().print(text);
      return ExitCodes.OK;
    }
    var resources =
        ClusterFiles.accept(
            ResourceLoader.parse(List.of(new Document("cluster.yaml", text))), console);
    if (resources.isEmpty()) {
      return ExitCodes.INPUT;
    }
    try (var cluster =
        Cluster.start(
            resources.get(), ClusterOptions.onFreePorts(), line -> console.out().println(line))) {
      var took = cluster.awaitConverged();
      console
          .out()
          .println(
              "%-50s %6.2f s"
                  .formatted(
                      "every session up, every route in every kernel", took.toMillis() / 1000.0));
      return new Script("demo", read("story.txt")).run(cluster, console);
    }
  }

  private static String read(String name) throws IOException {
    try (var in = DemoCommand.class.getResourceAsStream(FOLDER + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
