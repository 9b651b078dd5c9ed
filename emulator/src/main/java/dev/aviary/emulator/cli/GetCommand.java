package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.NodeResource;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourcePrinter;
import dev.aviary.emulator.resource.ServiceResource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code aviary get KIND [NAME]}: Calico's kinds as calicoctl prints them, Kubernetes' as kubectl.
 */
@Command(
    name = "get",
    description = "Lists resources: nodes, ippools, pods, services.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary get nodes -o wide",
      "  aviary get ippools",
      "  aviary get pods -n test -o wide",
      "  aviary get service pod2-service -n test -o yaml"
    })
final class GetCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "KIND", description = "nodes, ippools, pods or services")
  private String kind = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Only this one.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only this namespace; all by default.")
  private Optional<String> namespace = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "wide, yaml or json")
  private Optional<OutputFormat> output = Optional.empty();

  GetCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return context.withCluster(this::print);
  }

  private int print(Cluster cluster) {
    return switch (kind) {
      case "node", "nodes", "no", "nos" -> list(cluster, NodeResource.class, "Node");
      case "ippool", "ippools", "ipp", "ipps", "pool", "pools" ->
          list(cluster, IpPoolResource.class, "IPPool");
      case "pod", "pods", "po" -> list(cluster, PodResource.class, "Pod");
      case "service", "services", "svc" -> list(cluster, ServiceResource.class, "Service");
      default -> {
        context.console().err().println("resource type '" + kind + "' is not supported");
        yield ExitCodes.FAILED;
      }
    };
  }

  private <T extends Resource> int list(Cluster cluster, Class<T> type, String kindName) {
    var found =
        cluster.resources().of(type).stream()
            .filter(r -> name.isEmpty() || r.metadata().name().equals(name.get()))
            .filter(r -> namespace.isEmpty() || r.metadata().namespace().equals(namespace.get()))
            .sorted(Comparator.comparing(r -> r.metadata().id()))
            .toList();
    if (name.isPresent() && found.isEmpty()) {
      context
          .console()
          .err()
          .println("resource does not exist: %s(%s)".formatted(kindName, name.get()));
      return ExitCodes.FAILED;
    }
    boolean wide = output.filter(o -> o == OutputFormat.wide).isPresent();
    if (output.isPresent() && !wide) {
      boolean json = output.get() == OutputFormat.json;
      context
          .console()
          .out()
          .print(
              name.isPresent()
                  ? ResourcePrinter.one(found.getFirst(), json)
                  : ResourcePrinter.list(kindName, found, json));
      return ExitCodes.OK;
    }
    context.console().out().print(table(cluster, kindName, found, wide));
    return ExitCodes.OK;
  }

  private static String table(
      Cluster cluster, String kind, List<? extends Resource> found, boolean wide) {
    return switch (kind) {
      case "Node" -> nodes(cluster, found, wide);
      case "IPPool" -> pools(found, wide);
      case "Pod" -> pods(cluster, found, wide);
      default -> services(cluster, found, wide);
    };
  }

  private static String nodes(Cluster cluster, List<? extends Resource> found, boolean wide) {
    var table = wide ? new ColumnTable("NAME", "ASN", "IPV4", "IPV6") : new ColumnTable("NAME");
    for (var resource : found) {
      if (resource instanceof NodeResource node) {
        var row = new ArrayList<String>();
        row.add(node.metadata().name());
        if (wide) {
          row.add(node.as().map(String::valueOf).orElse("(" + cluster.as() + ")"));
          row.add(node.ipv4().map(Object::toString).orElse(""));
          row.add(node.ipv6().map(Object::toString).orElse(""));
        }
        table.row(row);
      }
    }
    return table.print();
  }

  private static String pools(List<? extends Resource> found, boolean wide) {
    var table =
        wide
            ? new ColumnTable(
                "NAME",
                "CIDR",
                "NAT",
                "IPIPMODE",
                "VXLANMODE",
                "DISABLED",
                "DISABLEBGPEXPORT",
                "SELECTOR")
            : new ColumnTable("NAME", "CIDR", "SELECTOR");
    for (var resource : found) {
      if (resource instanceof IpPoolResource pool) {
        var row = new ArrayList<String>();
        row.add(pool.metadata().name());
        row.add(pool.cidr().toString());
        if (wide) {
          row.add(Boolean.toString(pool.natOutgoing()));
          row.add(pool.ipipMode().text());
          row.add(pool.vxlanMode().text());
          row.add(Boolean.toString(pool.disabled()));
          row.add(Boolean.toString(pool.disableBgpExport()));
        }
        row.add(pool.nodeSelector());
        table.row(row);
      }
    }
    return table.print();
  }

  private static String pods(Cluster cluster, List<? extends Resource> found, boolean wide) {
    var header =
        new ArrayList<>(List.of("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"));
    if (wide) {
      header.addAll(List.of("IP", "NODE", "NOMINATED NODE", "READINESS GATES"));
    }
    var table = new KubectlTable(header);
    for (var status : cluster.pods()) {
      boolean wanted =
          found.stream()
              .anyMatch(
                  r ->
                      r.metadata().namespace().equals(status.namespace())
                          && r.metadata().name().equals(status.name()));
      if (wanted) {
        boolean running = status.status().equals("Running");
        var row =
            new ArrayList<>(
                List.of(
                    status.namespace(),
                    status.name(),
                    running ? "1/1" : "0/1",
                    status.status(),
                    "0",
                    age(cluster)));
        if (wide) {
          var ip = status.addresses().isEmpty() ? "<none>" : status.addresses().getFirst();
          row.add(ip.toString());
          row.add(status.node().isEmpty() ? "<none>" : status.node());
          row.add("<none>");
          row.add("<none>");
        }
        table.row(row);
      }
    }
    return table.print();
  }

  private static String services(Cluster cluster, List<? extends Resource> found, boolean wide) {
    var header =
        new ArrayList<>(
            List.of("NAMESPACE", "NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"));
    if (wide) {
      header.add("SELECTOR");
    }
    var table = new KubectlTable(header);
    for (var resource : found) {
      if (resource instanceof ServiceResource service) {
        var row =
            new ArrayList<>(
                List.of(
                    service.metadata().namespace(),
                    service.metadata().name(),
                    service.type().text(),
                    service.clusterIps().isEmpty()
                        ? "None"
                        : service.clusterIps().getFirst().toString(),
                    external(service),
                    ports(service),
                    age(cluster)));
        if (wide) {
          row.add(
              service.selector().isEmpty()
                  ? "<none>"
                  : new java.util.TreeMap<>(service.selector())
                      .entrySet().stream()
                          .map(e -> e.getKey() + "=" + e.getValue())
                          .collect(Collectors.joining(",")));
        }
        table.row(row);
      }
    }
    return table.print();
  }

  private static String external(ServiceResource service) {
    var all = new ArrayList<>(service.loadBalancerIngress());
    all.addAll(service.externalIps());
    if (all.isEmpty()) {
      return service.type() == ServiceResource.Type.LOAD_BALANCER ? "<pending>" : "<none>";
    }
    return all.stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private static String ports(ServiceResource service) {
    return service.ports().isEmpty()
        ? "<none>"
        : service.ports().stream()
            .map(
                p ->
                    p.port()
                        + (p.nodePort() == 0 ? "" : ":" + p.nodePort())
                        + "/"
                        + p.protocol().name())
            .collect(Collectors.joining(","));
  }

  private static String age(Cluster cluster) {
    long seconds = cluster.age().toSeconds();
    return seconds < 120 ? seconds + "s" : seconds / 60 + "m";
  }
}
