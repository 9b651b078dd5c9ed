package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceEdits.Verb;
import dev.aviary.emulator.resource.ResourceKind;
import dev.aviary.emulator.resource.ResourceLoader;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary label KIND NAME KEY=VALUE}. */
@Command(
    name = "label",
    description = "Adds, changes or removes a label.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary label node node1 rack=a",
      "  aviary label node node1 rack=b --overwrite",
      "  aviary label node node1 rack --remove"
    })
final class LabelCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "KIND", description = "Such as node.")
  private String kind = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Which.")
  private String name = "";

  @Parameters(index = "2", paramLabel = "KEY=VALUE", description = "The label.")
  private String label = "";

  @Option(names = "--overwrite", description = "Changes a value that is there.")
  private boolean overwrite;

  @Option(names = "--remove", description = "Takes the label away.")
  private boolean remove;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "default by default.")
  private Optional<String> namespace = Optional.empty();

  LabelCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return context.withCluster(this::label);
  }

  private int label(Cluster cluster) throws InterruptedException {
    int equals = label.indexOf('=');
    if (!remove && equals < 0) {
      return failed("invalid label " + label);
    }
    var key = remove || equals < 0 ? label : label.substring(0, equals);
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
      return failed(
          "failed to get %s %s, error %s"
              .formatted(kind, name, ResourceEdits.doesNotExist(called.get(), in, name)));
    }
    var labels = new TreeMap<>(resource.get().metadata().labels());
    var old = labels.get(key);
    if (remove) {
      if (old == null) {
        return failed(
            "can not remove label of %s %s, key %s does not exist".formatted(kind, name, key));
      }
      labels.remove(key);
    } else {
      var value = label.substring(equals + 1);
      if (old != null && !overwrite && !old.equals(value)) {
        return failed(
            "failed to update label of %s %s, key %s is already present. please use '--overwrite' to set a new value."
                .formatted(kind, name, key));
      }
      labels.put(key, value);
    }
    var read = ResourceLoader.parse("label", ResourceEdits.labelled(resource.get(), labels));
    if (read.isInvalid()) {
      return failed(
          "failed to update %s %s, label not changed: %s"
              .formatted(kind, name, read.getError().head()));
    }
    var changed = read.get().resources().all();
    try {
      cluster.edit(before -> ResourceEdits.edit(before, Verb.REPLACE, changed, false));
    } catch (ClusterException e) {
      return failed(
          "failed to update %s %s, label not changed: %s".formatted(kind, name, e.getMessage()));
    }
    var done =
        remove
            ? "Successfully removed label %s from %s %s"
            : old != null
                ? "Successfully updated label %s on %s %s"
                : "Successfully set label %s on %s %s";
    context.console().out().println(done.formatted(key, kind, name));
    return ExitCodes.OK;
  }

  private int failed(String text) {
    context.console().err().println(text);
    return ExitCodes.FAILED;
  }
}
