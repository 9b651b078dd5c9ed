package dev.aviary.emulator.cli;

import dev.aviary.emulator.calicoctl.BorderedTable;
import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.JsonText;
import dev.aviary.emulator.cluster.NodeStatus;
import dev.aviary.emulator.resource.ResourcePrinter;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code aviary node …}: calicoctl's verbs about nodes. */
@Command(
    name = "node",
    description = "Reports about nodes, as calicoctl prints them.",
    subcommands = {NodeCommand.Status.class, NodeCommand.Ready.class})
final class NodeCommand {

  private NodeCommand() {}

  /** {@code aviary node ready}: what {@code calico-node -bird-ready} says to its kubelet. */
  @Command(
      name = "ready",
      description = "Whether calico-node would call itself ready, in its words.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary node ready --node node1 --bird-ready",
        "  aviary node ready --bird-ready --bird6-ready --threshold-time 30"
      })
  static final class Ready implements Callable<Integer> {
    private final Context context;

    @Option(names = "--node", paramLabel = "NODE", description = "The node; the first by default.")
    private Optional<String> node = Optional.empty();

    @Option(names = "--bird-ready", description = "Looks at the IPv4 sessions.")
    private boolean bird;

    @Option(names = "--bird6-ready", description = "Looks at the IPv6 sessions.")
    private boolean bird6;

    @Option(
        names = "--threshold-time",
        paramLabel = "SECONDS",
        description =
            "A node younger than this needs every session, an older one any; 30 by default.")
    private int threshold = 30;

    Ready(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      return context.withCluster(this::print);
    }

    private int print(Cluster cluster) {
      var out = context.console().out();
      if (!bird && !bird6) {
        out.println(
            "calico/node check error: must specify at least one of -bird-live, -bird6-live,"
                + " -felix-live, -bird, -bird6, or -felix");
        return ExitCodes.FAILED;
      }
      var name = node.orElse(cluster.nodeNames().getFirst());
      if (!cluster.nodeNames().contains(name)) {
        context.console().err().println("aviary: there is no node '" + name + "'");
        return ExitCodes.FAILED;
      }
      var status = cluster.nodeStatus(name);
      for (var family : IpFamily.values()) {
        boolean asked = family == IpFamily.IPV4 ? bird : bird6;
        var missing = missing(cluster, status, family);
        if (asked && !missing.isEmpty()) {
          out.println(
              "calico/node is not ready: %s is not ready: BGP not established with %s"
                  .formatted(
                      family == IpFamily.IPV4 ? "BIRD" : "BIRD6", String.join(",", missing)));
          return ExitCodes.FAILED;
        }
      }
      return ExitCodes.OK;
    }

    /** Whom it waits for; nobody if that does not matter any more. */
    private List<String> missing(Cluster cluster, NodeStatus status, IpFamily family) {
      var missing = new ArrayList<String>();
      boolean any = false;
      for (var peer : status.peers(family)) {
        if (peer.info().split(" ", -1)[0].equals("Established")) {
          any = true;
        } else {
          missing.add(peer.address());
        }
      }
      boolean young = cluster.age().toSeconds() < threshold;
      return any && !young ? List.of() : missing;
    }
  }

  /** {@code aviary node status}. */
  @Command(
      name = "status",
      description = "The BGP sessions of a node, in calicoctl's table.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary node status                 the first node",
        "  aviary node status --node node1    this one",
        "  aviary node status -A              every node",
        "  aviary node status -A -o json      for programs"
      })
  static final class Status implements Callable<Integer> {
    private final Context context;

    @Option(names = "--node", paramLabel = "NODE", description = "The node; the first by default.")
    private Optional<String> node = Optional.empty();

    @Option(
        names = {"-A", "--all"},
        description = "Every node, each under its name.")
    private boolean all;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "json or yaml")
    private Optional<OutputFormat> output = Optional.empty();

    @Spec private CommandSpec spec = CommandSpec.create();

    Status(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      return context.withCluster(this::print);
    }

    private int print(Cluster cluster) {
      var names = all ? cluster.nodeNames() : List.of(node.orElse(cluster.nodeNames().getFirst()));
      var unknown = names.stream().filter(name -> !cluster.nodeNames().contains(name)).findFirst();
      if (unknown.isPresent()) {
        context.console().err().println("aviary: there is no node '" + unknown.get() + "'");
        return ExitCodes.FAILED;
      }
      var statuses = names.stream().map(cluster::nodeStatus).toList();
      if (output.isPresent()) {
        var fields = statuses.stream().map(Status::fields).toList();
        context
            .console()
            .out()
            .print(
                switch (output.get()) {
                  case json -> JsonText.print(fields);
                  case yaml -> ResourcePrinter.yaml(fields);
                  case wide ->
                      throw new ParameterException(spec.commandLine(), "--output: json or yaml");
                });
        return ExitCodes.OK;
      }
      for (var status : statuses) {
        if (all) {
          context.console().out().println("Node: " + status.node());
        }
        context.console().out().print(text(status));
      }
      return ExitCodes.OK;
    }

    private static Map<String, Object> fields(NodeStatus status) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("node", status.node());
      for (var family : IpFamily.values()) {
        var peers = new ArrayList<Map<String, String>>();
        for (var peer : status.peers(family)) {
          var row = new LinkedHashMap<String, String>();
          row.put("address", peer.address());
          row.put("type", peer.type());
          row.put("state", peer.state());
          row.put("since", peer.since());
          row.put("info", peer.info());
          peers.add(row);
        }
        fields.put(family == IpFamily.IPV4 ? "ipv4" : "ipv6", peers);
      }
      return fields;
    }

    /** The whole report, as calicoctl up to v3.32 prints it. */
    static String text(NodeStatus status) {
      var out = new StringBuilder("Calico process is running.\n");
      for (var family : IpFamily.values()) {
        var version = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
        out.append('\n').append(version).append(" BGP status\n");
        var peers = status.peers(family);
        if (peers.isEmpty()) {
          out.append("No ").append(version).append(" peers found.\n");
          continue;
        }
        var table = new BorderedTable("Peer address", "Peer type", "State", "Since", "Info");
        for (var peer : peers) {
          table.row(peer.address(), peer.type(), peer.state(), peer.since(), peer.info());
        }
        out.append(table.print());
      }
      return out.append('\n').toString();
    }
  }
}
