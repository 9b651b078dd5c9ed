package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterException;
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

/**
 * {@code aviary apply|create|replace -f FILE}: calicoctl's verbs, in calicoctl's words. Either all
 * is done or, if any of it is refused, nothing.
 */
abstract class ChangeCommand implements Callable<Integer> {
  private final Context context;
  private final Verb verb;

  @Mixin private GivenResources given = new GivenResources();

  ChangeCommand(Context context, Verb verb) {
    this.context = context;
    this.verb = verb;
  }

  /** What is there already is passed over, not an error. */
  boolean lenient() {
    return false;
  }

  /** How this verb is called, for another process. */
  List<String> called() {
    return List.of(name(verb));
  }

  @Override
  public Integer call() throws Exception {
    if (!given.byFile()) {
      context.console().err().println("aviary: missing required option: --filename=FILE");
      return ExitCodes.USAGE;
    }
    if (context.cluster() == null) {
      return forward(context, called(), given);
    }
    return change(context, context.cluster(), verb, given, lenient());
  }

  /** Has the cluster of another terminal do it. */
  static int forward(Context context, List<String> called, GivenResources given) throws Exception {
    var words = given.words();
    if (words.isInvalid()) {
      words.getError().forEach(p -> failed(context.console(), p.toString()));
      return ExitCodes.FAILED;
    }
    var all = new ArrayList<>(called);
    all.addAll(words.get());
    return new Context(context.console(), null, all).withCluster(_ -> ExitCodes.FAILED);
  }

  private static void failed(Console console, String problem) {
    console.err().println("Failed to execute command: " + problem);
  }

  static int change(
      Context context, Cluster cluster, Verb verb, GivenResources given, boolean lenient)
      throws InterruptedException {
    var console = context.console();
    var loaded = given.load();
    if (loaded.isInvalid()) {
      loaded.getError().forEach(problem -> failed(console, problem.toString()));
      return ExitCodes.FAILED;
    }
    loaded.get().warnings().forEach(warning -> console.err().println("warning: " + warning));
    return change(console, cluster, verb, loaded.get().resources().all(), lenient);
  }

  static int change(
      Console console, Cluster cluster, Verb verb, List<Resource> resources, boolean lenient)
      throws InterruptedException {
    if (resources.isEmpty()) {
      console.err().println("No resources specified");
      return ExitCodes.FAILED;
    }
    var report = new ChangeReport(verb, resources);
    try {
      var edited = cluster.edit(before -> ResourceEdits.edit(before, verb, resources, lenient));
      edited.warnings().forEach(warning -> console.err().println("warning: " + warning));
      var outcome = edited.outcome();
      report.success(outcome).ifPresent(console.out()::println);
      report.failure(outcome).ifPresent(console.err()::println);
      return outcome.errors().isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    } catch (ClusterException e) {
      console.err().println(report.refused(String.valueOf(e.getMessage())));
      return ExitCodes.FAILED;
    }
  }

  static String name(Verb verb) {
    return switch (verb) {
      case APPLY -> "apply";
      case CREATE -> "create";
      case REPLACE -> "replace";
      case DELETE -> "delete";
    };
  }

  static String kind(Resource resource) {
    return ResourceKind.of(resource).map(ResourceKind::kind).orElse("?");
  }

  /** {@code aviary apply}. */
  @Command(
      name = "apply",
      description = "Makes the cluster that runs what the manifests say.",
      footerHeading = "%nExamples:%n",
      footer = {"  aviary apply -f pool.yaml", "  cat peers.yaml | aviary apply -f -"})
  static final class Apply extends ChangeCommand {
    Apply(Context context) {
      super(context, Verb.APPLY);
    }
  }

  /** {@code aviary create}. */
  @Command(
      name = "create",
      description = "As apply; what is there already is an error.",
      footerHeading = "%nExamples:%n",
      footer = {"  aviary create -f pool.yaml --skip-exists"})
  static final class Create extends ChangeCommand {
    @Option(names = "--skip-exists", description = "Passes over what is there already.")
    private boolean skipExists;

    Create(Context context) {
      super(context, Verb.CREATE);
    }

    @Override
    boolean lenient() {
      return skipExists;
    }

    @Override
    List<String> called() {
      return skipExists ? List.of("create", "--skip-exists") : List.of("create");
    }
  }

  /** {@code aviary replace}. */
  @Command(
      name = "replace",
      description = "As apply; what is not there yet is an error.",
      footerHeading = "%nExamples:%n",
      footer = {"  aviary replace -f pool.yaml"})
  static final class Replace extends ChangeCommand {
    Replace(Context context) {
      super(context, Verb.REPLACE);
    }
  }
}
