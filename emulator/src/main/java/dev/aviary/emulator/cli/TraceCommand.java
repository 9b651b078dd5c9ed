package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.cluster.OfflineTrace;
import dev.aviary.emulator.cluster.TraceAnswer;
import dev.aviary.emulator.cluster.TraceRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aviary trace SRC DST[:PORT]}. */
@Command(
    name = "trace",
    description = "Sends a packet for real and tells what happened to it, and to the answer.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary trace pod1 pod2:80                     TCP by default",
      "  aviary trace pod1 pod2 --proto icmp           a ping",
      "  aviary trace client master:30000 -o kernel    as dmesg prints TRACE",
      "  aviary trace pod1 pod2-service -o json        for programs",
      "  aviary trace --dump node1/ --dump node2/ 10.244.1.5 10.96.0.1:443",
      "                                                offline, through what nodes' tools printed:",
      "                                                ip-addr, ip-route, iptables-save, ipset, …"
    })
final class TraceCommand implements Callable<Integer> {
  private final Context context;

  /** How a trace is printed. */
  enum Form {
    text,
    kernel,
    json
  }

  @Parameters(index = "0", paramLabel = "SRC", description = "A pod, a node or a host.")
  private String source = "";

  @Parameters(
      index = "1",
      paramLabel = "DST[:PORT]",
      description = "A pod, service, node, host, or an address.")
  private String destination = "";

  @Option(
      names = "--proto",
      paramLabel = "PROTO",
      description = "tcp, udp, sctp or icmp; tcp by default.")
  private Optional<TraceRequest.Proto> proto = Optional.empty();

  @Option(names = "--sport", paramLabel = "PORT", description = "The source port.")
  private Optional<Integer> sourcePort = Optional.empty();

  @Option(names = "--ttl", paramLabel = "N", description = "Time to live, 1 to 255; 64 by default.")
  private int ttl = 64;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "text (one line per hop), kernel (TRACE lines), json")
  private Form form = Form.text;

  @Option(
      names = "--dump",
      paramLabel = "DIR",
      description = "Walks through dumps of hosts, not a cluster; may be given several times.")
  private List<Path> dumps = List.of();

  @Option(
      names = "--lenient",
      description = "With --dump: rules with unknown matches never match, instead of an error.")
  private boolean lenient;

  @Option(
      names = "--capture",
      paramLabel = "FILE",
      description = "With --dump: every frame of the walk as pcapng, with comments.")
  private Optional<Path> capture = Optional.empty();

  TraceCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var request =
        TraceRequest.parse(
            source, destination, proto.orElse(TraceRequest.Proto.tcp), sourcePort, ttl);
    if (!dumps.isEmpty()) {
      try {
        return print(OfflineTrace.run(dumps, request, lenient, capture));
      } catch (ClusterException e) {
        context.console().err().println("aviary: " + e.getMessage());
        return ExitCodes.INPUT;
      }
    }
    return context.withCluster(cluster -> print(cluster.trace(request)));
  }

  private int print(TraceAnswer answer) {
    if (answer.error().isPresent()) {
      context.console().err().println("aviary: " + answer.error().get());
      return ExitCodes.USAGE;
    }
    var report = answer.report().orElseThrow();
    context
        .console()
        .out()
        .print(
            switch (form) {
              case text -> report.text();
              case kernel -> report.kernelLines();
              case json -> report.json();
            });
    return report.delivered() ? ExitCodes.OK : ExitCodes.FAILED;
  }
}
