package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.BirdExport;
import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.TopologyResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary export …}: what other programs can take over. */
@Command(
    name = "export",
    description = "Writes down what a node is told, for other programs.",
    subcommands = {ExportCommand.BirdConfig.class, ExportCommand.TopologySchema.class})
final class ExportCommand {
  private ExportCommand() {}

  /** {@code aviary export topology-schema}. */
  @Command(
      name = "topology-schema",
      description = "The JSON Schema of the kind Topology.",
      footerHeading = "%nExamples:%n",
      footer = {"  aviary export topology-schema > topology.schema.json"})
  static final class TopologySchema implements Callable<Integer> {
    private final Context context;

    TopologySchema(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      context.console().out().print(TopologyResource.schema());
      return ExitCodes.OK;
    }
  }

  /** {@code aviary export bird-config NODE}. */
  @Command(
      name = "bird-config",
      description = "BIRD's configuration of a node, as Calico's confd writes it.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary export bird-config node1                       of the cluster that runs",
        "  aviary export bird-config node1 -d /etc/bird          into six files",
        "  aviary export bird-config node1 --only bird.cfg       one of them",
        "  aviary export bird-config node1 -f cluster.yaml       from manifests alone",
        "  aviary export bird-config node1 -f cluster.yaml --calico master"
      })
  static final class BirdConfig implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "NODE", description = "The node.")
    private String node = "";

    @Option(
        names = {"-f", "--filename"},
        paramLabel = "FILE",
        description = "Manifests, where no cluster runs; their BlockAffinities are the blocks.")
    private List<String> files = List.of();

    @Option(
        names = {"-d", "--directory"},
        paramLabel = "DIR",
        description = "Writes the files there; to the terminal by default.")
    private Optional<Path> directory = Optional.empty();

    @Option(names = "--only", paramLabel = "NAME", description = "Only this file.")
    private Optional<String> only = Optional.empty();

    @Option(
        names = "--calico",
        paramLabel = "VERSION",
        description = "With -f: v3.22 (the default) or master.")
    private Optional<String> calico = Optional.empty();

    @Option(
        names = "--env",
        paramLabel = "NAME=VALUE",
        description = "With -f: a variable of calico-node's environment.")
    private Map<String, String> environment = Map.of();

    @Option(
        names = "--bird",
        paramLabel = "BIRD",
        description =
            "Which BIRD reads it: calico (Calico's fork, the default), 1.6 or 2.0 as published.")
    private String bird = "calico";

    BirdConfig(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      if (files.isEmpty()) {
        var here = new Context(context.console(), context.cluster(), absolute(context.words()));
        return here.withCluster(this::ofCluster);
      }
      var resources = ClusterFiles.load(files, context.console());
      if (resources.isEmpty()) {
        return ExitCodes.INPUT;
      }
      var options =
          ClusterOptions.onFreePorts()
              .withCalico(calico.orElse("v3.22"))
              .withEnvironment(environment);
      return write(BirdExport.of(resources.get(), node, options, bird));
    }

    private int ofCluster(Cluster cluster) throws ClusterException, IOException {
      return write(BirdExport.of(cluster, node, bird));
    }

    /** The process that writes may stand in another directory. */
    private List<String> absolute(List<String> words) {
      if (directory.isEmpty()) {
        return words;
      }
      var given = directory.get();
      var found = new ArrayList<String>();
      for (var word : words) {
        found.add(word.equals(given.toString()) ? given.toAbsolutePath().toString() : word);
      }
      return found;
    }

    private int write(SequencedMap<String, String> texts) throws IOException {
      if (only.isPresent() && !texts.containsKey(only.get())) {
        context
            .console()
            .err()
            .println(
                "aviary: there is no file '%s': %s"
                    .formatted(only.get(), String.join(", ", texts.keySet())));
        return ExitCodes.USAGE;
      }
      if (directory.isPresent()) {
        Files.createDirectories(directory.get());
      }
      for (var text : texts.entrySet()) {
        if (only.isPresent() && !only.get().equals(text.getKey())) {
          continue;
        }
        if (directory.isPresent()) {
          Files.writeString(directory.get().resolve(text.getKey()), text.getValue());
        } else {
          if (only.isEmpty()) {
            context.console().out().println("# ---------- " + text.getKey());
          }
          context.console().out().print(text.getValue());
        }
      }
      return ExitCodes.OK;
    }
  }
}
