package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code aviary exec NODE|POD|HOST -- COMMAND}. */
@Command(
    name = "exec",
    description = "Runs a command of Linux in a node, a pod or a host, and prints what it prints.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary exec master -- ip route",
      "  aviary exec pod1 -- arp -n",
      "  aviary exec master -- birdc show protocols all",
      "  aviary exec node1 -- iptables -t nat -S KUBE-SERVICES",
      "  aviary exec master -- conntrack -L -p tcp --dport 30000",
      "  aviary exec node1 -- tcpdump -i ens33 -w node1.pcap"
    })
final class ExecCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      index = "0",
      paramLabel = "WHERE",
      description = "A node, a host, or a pod (POD or NAMESPACE/POD).")
  private String where = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "What to run; put -- before it.")
  private List<String> command = new ArrayList<>();

  ExecCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    boolean capturing = !command.isEmpty() && command.getFirst().equals("tcpdump");
    var here =
        capturing
            ? new Context(
                context.console(), context.cluster(), TcpdumpWords.absolute(context.words()))
            : context;
    return here.withCluster(
        cluster -> {
          var found = cluster.find(where);
          if (found.isEmpty()) {
            context
                .console()
                .err()
                .println("aviary: there is no node, pod or host '" + where + "'");
            return ExitCodes.FAILED;
          }
          if (command.getFirst().equals("tcpdump")) {
            return capture(cluster, found.get());
          }
          var result = cluster.exec(found.get(), command);
          context.console().out().print(result.stdout());
          context.console().err().print(result.stderr());
          return result.exit();
        });
  }

  /** Until the wanted number of frames, or until whoever asked goes away. */
  private int capture(Cluster cluster, Place place) throws IOException {
    var err = context.console().err();
    var words = TcpdumpWords.parse(command, context.console());
    if (words.isEmpty()) {
      return ExitCodes.FAILED;
    }
    var device = words.get().device();
    if (!cluster.hasLink(place, device)) {
      err.println("tcpdump: " + device + ": No such device exists");
      return ExitCodes.FAILED;
    }
    try (var capture = cluster.capture(place, device, words.get().file(), words.get().count())) {
      err.println(
          "tcpdump: listening on "
              + device
              + ", link-type EN10MB (Ethernet), snapshot length 262144 bytes");
      try {
        capture.awaitFull();
      } catch (InterruptedException _) {
        // The usual end of a capture: Ctrl-C where it was asked for.
        Thread.interrupted();
      }
      err.println(capture.packets() + " packets captured");
      return ExitCodes.OK;
    }
  }
}
