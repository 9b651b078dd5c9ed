package dev.aviary.emulator.cli;

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
    return context.withCluster(
        cluster -> {
          var found = cluster.find(where);
          if (found.isEmpty()) {
            context
                .console()
                .err()
                .println("aviary: there is no node, pod or host '" + where + "'");
            return ExitCodes.FAILED;
          }
          var result = cluster.exec(found.get(), command);
          context.console().out().print(result.stdout());
          context.console().err().print(result.stderr());
          return result.exit();
        });
  }
}
