package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceEdits.Verb;
import dev.aviary.emulator.resource.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary delete KIND NAME… | -f FILE}. */
@Command(
    name = "delete",
    description = "Takes resources out of the cluster that runs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary delete bgppeer tor",
      "  aviary delete pod web -n test",
      "  aviary delete -f policies/ -R"
    })
final class DeleteCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(arity = "0..*", paramLabel = "KIND NAME", description = "Which.")
  private List<String> kindAndNames = List.of();

  @Option(
      names = {"-s", "--skip-not-exists"},
      description = "Passes over what is not there.")
  private boolean skipNotExists;

  @Mixin private GivenResources given = new GivenResources();

  DeleteCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (given.byFile()) {
      return context.cluster() == null
          ? ChangeCommand.forward(
              context,
              skipNotExists ? List.of("delete", "--skip-not-exists") : List.of("delete"),
              given)
          : ChangeCommand.change(context, context.cluster(), Verb.DELETE, given, skipNotExists);
    }
    return context.withCluster(this::delete);
  }

  private int delete(Cluster cluster) throws InterruptedException {
    var console = context.console();
    if (kindAndNames.size() < 2) {
      console.err().println("aviary: delete needs a kind and a name, or -f FILE");
      return ExitCodes.USAGE;
    }
    var kind = ResourceKind.called(kindAndNames.getFirst());
    if (kind.isEmpty()) {
      console.err().println("resource type '" + kindAndNames.getFirst() + "' is not supported");
      return ExitCodes.FAILED;
    }
    var namespace = kind.get().namespaced() ? given.namespace().orElse("default") : "";
    var found = new ArrayList<Resource>();
    boolean missing = false;
    for (var name : kindAndNames.subList(1, kindAndNames.size())) {
      var resource =
          ResourceEdits.of(cluster.resources(), kind.get()).stream()
              .filter(r -> r.metadata().name().equals(name))
              .filter(r -> r.metadata().namespace().equals(namespace))
              .findFirst();
      if (resource.isPresent()) {
        found.add(resource.get());
      } else if (!skipNotExists) {
        missing = true;
        console
            .err()
            .println(
                "Failed to delete '%s' resource: %s"
                    .formatted(
                        kind.get().kind(),
                        ResourceEdits.doesNotExist(kind.get(), namespace, name)));
      }
    }
    int code =
        found.isEmpty()
            ? ExitCodes.OK
            : ChangeCommand.change(console, cluster, Verb.DELETE, found, skipNotExists);
    if (found.isEmpty() && !missing) {
      console.out().println("Successfully deleted 1 '%s' resource(s)".formatted(kind.get().kind()));
    }
    return missing ? ExitCodes.FAILED : code;
  }
}
