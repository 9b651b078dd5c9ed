package dev.aviary.emulator.cli;

import dev.aviary.emulator.calicoctl.Answer;
import dev.aviary.emulator.calicoctl.IpamVerbs;
import dev.aviary.emulator.calicoctl.Simulation;
import dev.aviary.emulator.resource.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary ipam …}: calicoctl's verbs about addresses. */
@Command(
    name = "ipam",
    description = "Addresses, in calicoctl's words.",
    subcommands = {
      IpamCommand.Show.class,
      IpamCommand.Check.class,
      IpamCommand.Release.class,
      IpamCommand.Configure.class,
      IpamCommand.Split.class,
      IpamCommand.Simulate.class
    })
final class IpamCommand {

  private IpamCommand() {}

  /** What all of them have. */
  abstract static class Verb implements Callable<Integer> {
    private final Context context;

    @Option(
        names = "--allow-version-mismatch",
        description = "Although the cluster is of another version of Calico.")
    private boolean allowVersionMismatch;

    Verb(Context context) {
      this.context = context;
    }

    abstract Answer answer(IpamVerbs verbs);

    @Override
    public final Integer call() throws Exception {
      return context.withIpam(allowVersionMismatch, this::answer);
    }
  }

  /** What those have whose answer can be printed for programs. */
  abstract static class JsonVerb extends Verb {
    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "json")
    private Optional<OutputFormat> output = Optional.empty();

    JsonVerb(Context context) {
      super(context);
    }

    boolean json() {
      return output.isPresent();
    }
  }

  /** {@code aviary ipam show}. */
  @Command(
      name = "show",
      description = "How much of each pool is in use.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary ipam show                        a row per pool",
        "  aviary ipam show --show-blocks          and a row per block",
        "  aviary ipam show --show-borrowed        addresses from other nodes' blocks",
        "  aviary ipam show --show-configuration   the switches",
        "  aviary ipam show --ip=10.244.166.128    who has this address"
      })
  static final class Show extends JsonVerb {
    @Option(names = "--show-blocks", description = "A row for each block, too.")
    private boolean blocks;

    @Option(names = "--show-borrowed", description = "Addresses from other nodes' blocks.")
    private boolean borrowed;

    @Option(names = "--show-configuration", description = "The configuration.")
    private boolean configuration;

    @Option(names = "--ip", paramLabel = "IP", description = "Who has this address.")
    private Optional<String> ip = Optional.empty();

    Show(Context context) {
      super(context);
    }

    @Override
    Answer answer(IpamVerbs verbs) {
      return verbs.show(new IpamVerbs.Show(blocks, borrowed, configuration, ip, json()));
    }
  }

  /** {@code aviary ipam check}. */
  @Command(
      name = "check",
      description = "Who has an address without using it, who uses one without having it.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary ipam check --show-problem-ips",
        "  aviary ipam check -o /tmp/report.json   and a report for 'ipam release --from-report'",
        "  aviary ipam check -o json               that report instead of the text"
      })
  static final class Check extends Verb {
    @Option(names = "--show-all-ips", description = "Every address that is looked at.")
    private boolean all;

    @Option(names = "--show-problem-ips", description = "The addresses that are a problem.")
    private boolean problems;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        description =
            "Where the report for programs goes, a path for the process that runs the cluster;"
                + " 'json' prints it instead.")
    private Optional<String> output = Optional.empty();

    Check(Context context) {
      super(context);
    }

    @Override
    Answer answer(IpamVerbs verbs) {
      boolean json = output.filter("json"::equals).isPresent();
      return verbs.check(all, problems, json ? Optional.empty() : output.map(Path::of), json);
    }
  }

  /** {@code aviary ipam release}. */
  @Command(
      name = "release",
      description = "Gives addresses back that nobody uses.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary ipam release --ip=10.244.166.128",
        "  aviary ipam release --from-report=/tmp/report.json"
      })
  static final class Release extends JsonVerb {
    @Option(names = "--ip", paramLabel = "IP", description = "This one.")
    private Optional<String> ip = Optional.empty();

    @Option(
        names = "--from-report",
        paramLabel = "REPORT",
        description = "Those that every one of these reports of 'ipam check' found unused.")
    private List<Path> reports = List.of();

    @Option(names = "--force", description = "Although versions differ or nothing is locked.")
    private boolean force;

    Release(Context context) {
      super(context);
    }

    @Override
    Answer answer(IpamVerbs verbs) {
      return verbs.release(ip, reports, force, json());
    }
  }

  /** {@code aviary ipam configure}. */
  @Command(
      name = "configure",
      description = "Changes the switches.",
      footerHeading = "%nExamples:%n",
      footer = "  aviary ipam configure --strictaffinity=true")
  static final class Configure extends JsonVerb {
    @Option(
        names = "--strictaffinity",
        paramLabel = "true|false",
        description = "Nodes take addresses from their own blocks only.")
    private Optional<String> strictAffinity = Optional.empty();

    @Option(
        names = "--max-blocks-per-host",
        paramLabel = "N",
        description = "How many blocks a node may have.")
    private Optional<String> maxBlocksPerHost = Optional.empty();

    @Option(
        names = "--kubevirt-ip-persistence",
        paramLabel = "Enabled|Disabled",
        description = "Virtual machines keep their addresses.")
    private Optional<String> kubeVirtIpPersistence = Optional.empty();

    @Option(
        names = "--ip-cooldown-seconds",
        paramLabel = "N",
        description = "How long a released address rests.")
    private Optional<String> ipCooldownSeconds = Optional.empty();

    Configure(Context context) {
      super(context);
    }

    @Override
    Answer answer(IpamVerbs verbs) {
      return verbs.configure(
          new IpamVerbs.Configure(
              strictAffinity, maxBlocksPerHost, kubeVirtIpPersistence, ipCooldownSeconds, json()));
    }
  }

  /** {@code aviary ipam split}. */
  @Command(
      name = "split",
      description = "Makes several smaller pools of one; the datastore must be locked.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary datastore migrate lock",
        "  aviary ipam split 2 --cidr=10.244.0.0/16",
        "  aviary datastore migrate unlock"
      })
  static final class Split extends JsonVerb {
    @Parameters(paramLabel = "NUMBER", description = "How many, a power of two.")
    private String number = "";

    @Option(names = "--cidr", paramLabel = "CIDR", description = "The pool of this prefix.")
    private Optional<String> cidr = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "The pool of this name.")
    private Optional<String> name = Optional.empty();

    Split(Context context) {
      super(context);
    }

    @Override
    Answer answer(IpamVerbs verbs) {
      return verbs.split(number, cidr, name, json());
    }
  }

  /** {@code aviary ipam simulate}. */
  @Command(
      name = "simulate",
      description = "How far pools, block sizes and limits carry a cluster that grows.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary ipam simulate --pool 10.244.0.0/16 --pods-per-node 30 --max-nodes 2000",
        "  aviary ipam simulate --pool 10.244.0.0/20,28 --strictaffinity=true",
        "  aviary ipam simulate -f cluster.yaml -o json      with its pools, reservations, limits"
      })
  static final class Simulate implements Callable<Integer> {
    private final Context context;

    @Option(
        names = {"-f", "--filename"},
        paramLabel = "FILE",
        description = "Manifests with IPPools, IPReservations and the IPAMConfiguration.")
    private List<String> files = List.of();

    @Option(
        names = "--pool",
        paramLabel = "CIDR[,BLOCKSIZE]",
        description = "A pool; may be given several times.")
    private List<String> pools = List.of();

    @Option(
        names = "--max-nodes",
        paramLabel = "N",
        defaultValue = "1000",
        description = "How many nodes come at most; 1000 by default.")
    private int nodes;

    @Option(
        names = "--pods-per-node",
        paramLabel = "N",
        defaultValue = "30",
        description = "How many pods each of them gets; 30 by default.")
    private int pods;

    @Option(
        names = "--strictaffinity",
        paramLabel = "true|false",
        description = "Nodes take addresses from their own blocks only.")
    private Optional<Boolean> strictAffinity = Optional.empty();

    @Option(
        names = "--max-blocks-per-host",
        paramLabel = "N",
        description = "How many blocks a node may have; 20 where nothing is said.")
    private Optional<Integer> maxBlocksPerHost = Optional.empty();

    @Option(names = "--tunnel", description = "Each node takes an address for a tunnel device.")
    private boolean tunnel;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "json")
    private Optional<OutputFormat> output = Optional.empty();

    Simulate(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      var console = context.console();
      if (nodes < 1 || pods < 0) {
        console.err().println("aviary: --max-nodes must be 1 or more, --pods-per-node 0 or more");
        return ExitCodes.USAGE;
      }
      var resources =
          files.isEmpty()
              ? Optional.of(new Resources(List.of()))
              : ClusterFiles.load(files, console);
      if (resources.isEmpty()) {
        return ExitCodes.INPUT;
      }
      var answer =
          Simulation.run(
              resources.get(),
              new Simulation.Question(
                  pools,
                  nodes,
                  pods,
                  strictAffinity,
                  maxBlocksPerHost,
                  tunnel,
                  output.isPresent()));
      console.out().print(answer.stdout());
      return answer.exit();
    }
  }
}
