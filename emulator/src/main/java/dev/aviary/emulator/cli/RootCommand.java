package dev.aviary.emulator.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code aviary}: the verbs. */
@Command(
    name = "aviary",
    description = "A Calico cluster's routing in one JVM.",
    version = "aviary 0.1.0",
    mixinStandardHelpOptions = true,
    scope = picocli.CommandLine.ScopeType.INHERIT,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      RunCommand.class,
      ExecCommand.class,
      TraceCommand.class,
      NodeCommand.class,
      GetCommand.class,
      ChangeCommand.Apply.class,
      ChangeCommand.Create.class,
      ChangeCommand.Replace.class,
      DeleteCommand.class,
      PatchCommand.class,
      LabelCommand.class,
      ValidateCommand.class,
      ExportCommand.class,
      ExplainCommand.class,
      IpamCommand.class,
      DatastoreCommand.class,
      WaitCommand.class,
      SpeakerCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary demo                                    a two-node cluster, from start to packets",
      "  aviary up -f cluster.yaml                      run a cluster until Ctrl-C",
      "  aviary exec master -- ip route                 in another terminal: look into a node",
      "  aviary trace pod1 pod2-service                 send a packet and see why it goes where",
      "%nExit codes: 0 ok, 1 the answer is no, 2 usage, 3 bad input, 4 environment, 130 interrupted."
    })
final class RootCommand {
  private RootCommand() {}
}
