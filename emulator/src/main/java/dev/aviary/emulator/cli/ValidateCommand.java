package dev.aviary.emulator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code aviary validate -f FILE}: no cluster is asked. */
@Command(
    name = "validate",
    description = "Reads manifests and tells every mistake; changes nothing.",
    footerHeading = "%nExamples:%n",
    footer = {"  aviary validate -f cluster/ -R --strict"})
final class ValidateCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private GivenResources given = new GivenResources();

  ValidateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var console = context.console();
    if (!given.byFile()) {
      console.err().println("aviary: missing required option: --filename=FILE");
      return ExitCodes.USAGE;
    }
    var loaded = given.load();
    if (loaded.isInvalid()) {
      loaded
          .getError()
          .forEach(problem -> console.err().println("Failed to execute command: " + problem));
      return ExitCodes.FAILED;
    }
    loaded.get().warnings().forEach(warning -> console.err().println("warning: " + warning));
    var resources = loaded.get().resources().all();
    if (resources.isEmpty()) {
      console.err().println("No resources specified");
      return ExitCodes.FAILED;
    }
    var kinds = resources.stream().map(ChangeCommand::kind).distinct().toList();
    console
        .out()
        .println(
            "Successfully validated %d %sresource(s)"
                .formatted(
                    resources.size(), kinds.size() == 1 ? "'" + kinds.getFirst() + "' " : ""));
    return ExitCodes.OK;
  }
}
