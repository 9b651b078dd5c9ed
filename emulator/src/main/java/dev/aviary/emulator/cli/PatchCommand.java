package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceEdits.Verb;
import dev.aviary.emulator.resource.ResourceKind;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.YamlNode;
import io.vavr.control.Validation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary patch KIND NAME -p PATCH}. */
@Command(
    name = "patch",
    description = "Changes fields of a resource of the cluster that runs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary patch node node1 -p '{\"spec\":{\"bgp\":{\"routeReflectorClusterID\":\"244.0.0.1\"}}}'",
      "  aviary patch bgpconfig default -p '{spec: {nodeToNodeMeshEnabled: false}}'"
    })
final class PatchCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "KIND", description = "Such as node, ippool, bgppeer.")
  private String kind = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Which.")
  private String name = "";

  @Option(
      names = {"-p", "--patch"},
      paramLabel = "PATCH",
      required = true,
      description = "The fields to lay over the resource, as YAML or JSON; null takes one away.")
  private String patch = "";

  @Option(
      names = {"-t", "--type"},
      paramLabel = "TYPE",
      description = {
        "strategic (the default): with $patch and $retainKeys; or merge. Both replace lists as a"
            + " whole;",
        "json: a list of operations (RFC 6902)."
      })
  private String type = "strategic";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "default by default.")
  private Optional<String> namespace = Optional.empty();

  PatchCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (!List.of("strategic", "merge", "json").contains(type)) {
      context
          .console()
          .err()
          .println("aviary: --type must be strategic, merge or json, is " + type);
      return ExitCodes.USAGE;
    }
    return context.withCluster(this::patch);
  }

  private int patch(Cluster cluster) throws InterruptedException {
    var called = ResourceKind.called(kind);
    if (called.isEmpty()) {
      return failed("resource type '" + kind + "' is not supported");
    }
    var in = called.get().namespaced() ? namespace.orElse("default") : "";
    var resource =
        ResourceEdits.of(cluster.resources(), called.get()).stream()
            .filter(r -> r.metadata().name().equals(name) && r.metadata().namespace().equals(in))
            .findFirst();
    if (resource.isEmpty()) {
      return failed("Hit error: " + ResourceEdits.doesNotExist(called.get(), in, name));
    }
    var document = document(resource.get());
    if (document.isInvalid()) {
      return failed("Hit error: " + document.getError());
    }
    var read = ResourceLoader.parse("--patch", document.get());
    if (read.isInvalid()) {
      read.getError().forEach(problem -> failed("Hit error: " + problem));
      return ExitCodes.FAILED;
    }
    var changed = read.get().resources().all();
    try {
      var edited = cluster.edit(before -> ResourceEdits.edit(before, Verb.REPLACE, changed, false));
      if (!edited.outcome().errors().isEmpty()) {
        return failed("Hit error: " + edited.outcome().errors().getFirst());
      }
      edited.warnings().forEach(w -> context.console().err().println("warning: " + w));
      context
          .console()
          .out()
          .println("Successfully patched 1 '%s' resource".formatted(called.get().kind()));
      return ExitCodes.OK;
    } catch (ClusterException e) {
      return failed("Hit error: " + e.getMessage());
    }
  }

  private Validation<String, YamlNode.Mapping> document(Resource resource) {
    if (type.equals("json")) {
      return ResourceEdits.operated(resource, patch);
    }
    return ResourceLoader.patch(patch)
        .mapError(problems -> problems.head().toString())
        .flatMap(
            fields ->
                type.equals("strategic")
                    ? ResourceEdits.strategicallyPatched(resource, fields)
                    : Validation.valid(ResourceEdits.patched(resource, fields)));
  }

  private int failed(String text) {
    context.console().err().println(text);
    return ExitCodes.FAILED;
  }
}
