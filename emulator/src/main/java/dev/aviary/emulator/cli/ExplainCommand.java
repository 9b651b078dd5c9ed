package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.cluster.Explanation;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary explain …}: why something is as it is. */
@Command(
    name = "explain",
    description = "Says where a session or a route stands, and the step that decided.",
    subcommands = {ExplainCommand.Session.class, ExplainCommand.Route.class})
final class ExplainCommand {
  private ExplainCommand() {}

  private static int print(Context context, Explanation explanation, Optional<String> output) {
    boolean json = output.filter("json"::equals).isPresent();
    context.console().out().print(json ? explanation.json() : explanation.text());
    return explanation.holds() ? ExitCodes.OK : ExitCodes.FAILED;
  }

  /** {@code aviary explain session A B}. */
  @Command(
      name = "session",
      description = "Why two nodes have a BGP session, or have none.",
      footerHeading = "%nExamples:%n",
      footer = {"  aviary explain session master node1", "  aviary explain session a b -6 -o json"})
  static final class Session implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "NODE", description = "One node.")
    private String one = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The other.")
    private String other = "";

    @Option(names = "-6", description = "The session for IPv6.")
    private boolean six;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "json")
    private Optional<String> output = Optional.empty();

    Session(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      return context.withCluster(this::explain);
    }

    private int explain(Cluster cluster) throws ClusterException {
      var family = six ? IpFamily.IPV6 : IpFamily.IPV4;
      return print(context, cluster.explainSession(one, other, family), output);
    }
  }

  /** {@code aviary explain route PREFIX}. */
  @Command(
      name = "route",
      description = "Why nodes have a route to a prefix, or have none.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary explain route 10.244.1.0/26",
        "  aviary explain route 10.244.1.0/26 --from a --to b"
      })
  static final class Route implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "PREFIX", description = "The route's.")
    private String prefix = "";

    @Option(names = "--from", paramLabel = "NODE", description = "Who should have told it.")
    private Optional<String> from = Optional.empty();

    @Option(
        names = "--to",
        paramLabel = "NODE",
        description = "Who should have it; all by default.")
    private Optional<String> to = Optional.empty();

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "json")
    private Optional<String> output = Optional.empty();

    Route(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      return context.withCluster(this::explain);
    }

    private int explain(Cluster cluster) throws ClusterException {
      var parsed = Prefix.parse(prefix);
      if (parsed.isEmpty()) {
        throw ClusterException.input("'" + prefix + "' is no prefix");
      }
      return print(context, cluster.explainRoute(parsed.get(), from, to), output);
    }
  }
}
