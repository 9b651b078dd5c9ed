package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.resource.NodeStatusResource;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceKind;
import dev.aviary.emulator.resource.ResourcePrinter;
import dev.aviary.emulator.resource.ServiceResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code aviary get KIND [NAME…]}: Calico's kinds as calicoctl prints them, Kubernetes' as kubectl.
 */
@Command(
    name = "get",
    description = "Lists resources of the cluster that runs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary get nodes -o wide",
      "  aviary get bgppeers -o custom-columns=NAME,ASN",
      "  aviary get networkpolicies -A",
      "  aviary get pods -n test -o wide",
      "  aviary get service pod2-service -n test -o yaml"
    })
final class GetCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "nodes, ippools, bgppeers, bgpconfigs, bgpfilters, pods, services and others")
  private String kind = "";

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME", description = "Only these.")
  private List<String> names = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only this namespace; for Calico's kinds it is 'default' by default.")
  private Optional<String> namespace = Optional.empty();

  @Option(
      names = {"-A", "-a", "--all-namespaces"},
      description = "Every namespace.")
  private boolean everywhere;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "ps (the default), wide, yaml, json or custom-columns=A,B")
  private String output = "ps";

  GetCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (!output.matches("ps|wide|ya?ml|json|custom-columns=.+")) {
      return failed(
          output.startsWith("go-template")
              ? "go-template is not supported: take -o json or custom-columns=…"
              : "unrecognized output format '" + output + "'");
    }
    return context.withCluster(this::print);
  }

  private int failed(String text) {
    context.console().err().println(text);
    return ExitCodes.FAILED;
  }

  private int print(Cluster cluster) {
    var called = ResourceKind.called(kind);
    if (called.isEmpty()) {
      return failed("Failed to get resources: resource type '" + kind + "' is not supported");
    }
    if (everywhere && namespace.isPresent()) {
      return failed(
          "Failed to get resources: cannot use both --namespace and --all-namespaces flags at the"
              + " same time");
    }
    if (!called.get().namespaced() && (everywhere || namespace.isPresent())) {
      return failed("Failed to get resources: " + called.get().kind() + " is not namespaced");
    }
    return print(cluster, called.get());
  }

  private int print(Cluster cluster, ResourceKind called) {
    boolean calico = called.group() == ResourceKind.Group.CALICO;
    var in =
        called.namespaced() && calico && !everywhere
            ? namespace.or(() -> Optional.of("default"))
            : namespace;
    var all =
        ResourceEdits.of(cluster.resources(), called).stream()
            .filter(r -> in.isEmpty() || r.metadata().namespace().equals(in.get()))
            .toList();
    var found = new ArrayList<Resource>();
    var missing = new ArrayList<String>();
    for (var name : names) {
      var named = all.stream().filter(r -> r.metadata().name().equals(name)).toList();
      found.addAll(named);
      if (named.isEmpty()) {
        missing.add(ResourceEdits.doesNotExist(called, in.orElse(""), name));
      }
    }
    if (names.isEmpty()) {
      found.addAll(all);
    }
    int code = ExitCodes.OK;
    if (names.isEmpty() || !found.isEmpty()) {
      code = print(cluster, called, found);
    }
    missing.forEach(context.console().err()::println);
    return missing.isEmpty() ? code : ExitCodes.FAILED;
  }

  private int print(Cluster cluster, ResourceKind called, List<Resource> found) {
    var out = context.console().out();
    switch (output) {
      case "json", "yaml", "yml" -> {
        boolean json = output.equals("json");
        out.print(
            names.isEmpty()
                ? ResourcePrinter.list(called, found, statuses(cluster), json)
                : names.size() == 1
                    ? ResourcePrinter.one(found.getFirst(), statuses(cluster), json)
                    : ResourcePrinter.several(found, statuses(cluster), json));
        return ExitCodes.OK;
      }
      default -> {
        return table(cluster, called, found);
      }
    }
  }

  private static ResourcePrinter.Statuses statuses(Cluster cluster) {
    return resource ->
        resource instanceof NodeStatusResource wanted ? cluster.calicoNodeStatus(wanted) : Map.of();
  }

  private int table(Cluster cluster, ResourceKind called, List<Resource> found) {
    var out = context.console().out();
    boolean wide = output.equals("wide");
    var calico = ResourceTable.of(called);
    if (called.kind().equals("Pod")) {
      out.print(pods(cluster, found, wide));
    } else if (called.kind().equals("Service")) {
      out.print(services(cluster, found, wide));
    } else if (calico.isEmpty()) {
      out.print(others(cluster, called, found));
    } else {
      var columns = new ArrayList<String>();
      if (called.namespaced() && (everywhere || namespace.isPresent()) && !isCustom()) {
        columns.add("NAMESPACE");
      }
      columns.addAll(
          isCustom()
              ? List.of(output.substring(output.indexOf('=') + 1).split(",", -1))
              : wide ? calico.get().wide() : calico.get().narrow());
      for (var column : columns) {
        if (!calico.get().all().contains(column) && !column.equals("NAMESPACE")) {
          return failed(
              "Unknown heading %s, valid values are: %s"
                  .formatted(
                      column, String.join(", ", calico.get().all().stream().sorted().toList())));
        }
      }
      var table = new ColumnTable(columns.toArray(String[]::new));
      for (var resource : found) {
        table.row(
            columns.stream()
                .map(column -> ResourceTable.cell(called, resource, column, cluster.as()))
                .toList());
      }
      out.print(table.print());
    }
    return ExitCodes.OK;
  }

  private boolean isCustom() {
    return output.startsWith("custom-columns=");
  }

  private static String others(Cluster cluster, ResourceKind called, List<Resource> found) {
    var table =
        new KubectlTable(
            called.namespaced() ? List.of("NAMESPACE", "NAME", "AGE") : List.of("NAME", "AGE"));
    for (var resource : found) {
      var row = new ArrayList<String>();
      if (called.namespaced()) {
        row.add(resource.metadata().namespace());
      }
      row.add(resource.metadata().name());
      row.add(age(cluster));
      table.row(row);
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
