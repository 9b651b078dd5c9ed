package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.Protocol;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.ServiceResource;
import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Outcome;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.Trace;
import dev.aviary.kernel.TraceJson;
import dev.aviary.kernel.TraceLog;
import dev.aviary.kernel.TraceText;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends what a {@link TraceRequest} asks for and reports what became of it. */
final class Tracing {
  private static final int MAX_PORT = 65535;
  private static final int MAX_TTL = 255;

  private final Resources resources;
  private final Map<String, CalicoNode> nodes;
  private final Map<String, Kernel> hosts;
  private final List<Workload> workloads;
  private final InstantSource clock;

  private Tracing(
      Resources resources,
      Map<String, CalicoNode> nodes,
      Map<String, Kernel> hosts,
      List<Workload> workloads,
      InstantSource clock) {
    this.resources = resources;
    this.nodes = nodes;
    this.hosts = hosts;
    this.workloads = workloads;
    this.clock = clock;
  }

  /** Where the packet goes; a service has a port of its own where none was given. */
  private record Target(IpAddress address, Optional<Integer> port) {}

  static TraceAnswer run(
      TraceRequest request,
      Resources resources,
      Map<String, CalicoNode> nodes,
      Map<String, Kernel> hosts,
      List<Workload> workloads,
      InstantSource clock) {
    return new Tracing(resources, nodes, hosts, workloads, clock).run(request);
  }

  private TraceAnswer run(TraceRequest request) {
    var from = Places.find(request.source(), nodes, hosts, workloads);
    if (from.isEmpty()) {
      return TraceAnswer.refused("there is no node, pod or host '" + request.source() + "'");
    }
    var target = target(request);
    if (target.isEmpty()) {
      return TraceAnswer.refused(
          "'"
              + request.destination()
              + "' is neither an address nor a pod, service, node or host that has one");
    }
    int port = request.port().or(() -> target.get().port()).orElse(80);
    if (port < 1 || port > MAX_PORT || request.ttl() < 1 || request.ttl() > MAX_TTL) {
      return TraceAnswer.refused("ports are 1 to 65535, the time to live 1 to 255");
    }
    var destination = target.get().address();
    var plain =
        switch (request.proto()) {
          case tcp -> Probe.tcp(destination, port);
          case udp -> Probe.udp(destination, port);
          case sctp -> Probe.sctp(destination, port);
          case icmp -> Probe.ping(destination);
        };
    var probe = plain.withTtl(request.ttl()).withSource(null, request.sourcePort().orElse(0));
    return TraceAnswer.of(send(from.get(), request, probe));
  }

  private TraceReport send(Place from, TraceRequest request, Probe probe) {
    var kernels = kernels();
    var log = new TraceLog(kernels, probe.protocol(), clock);
    log.start();
    var walk = PacketWalk.recording();
    Outcome outcome;
    List<Trace> traces;
    try {
      var conversation = Conversation.start(from.kernel(), probe, walk);
      walk.giveUpOnNeighbors();
      outcome = conversation.outcome();
      traces = List.copyOf(walk.traces());
    } finally {
      log.stop();
    }
    boolean delivered = outcome instanceof Outcome.Answered;
    var text = new TraceText(names()).print(request.source(), traces, outcome);
    return new TraceReport(
        delivered,
        text,
        log.lines(),
        JsonText.print(
            TraceJson.of(
                from.name(), request.destination(), request.proto().name(), traces, outcome)));
  }

  private Map<String, Kernel> kernels() {
    var all = new LinkedHashMap<String, Kernel>();
    nodes.forEach((name, node) -> all.put(name, node.kernel()));
    all.putAll(hosts);
    workloads.forEach(w -> all.put(w.pod().metadata().id(), w.kernel()));
    return all;
  }

  /** What people call the addresses that they meet in a trace. */
  private Map<IpAddress, String> names() {
    var names = new LinkedHashMap<IpAddress, String>();
    for (var service : resources.of(ServiceResource.class)) {
      service.clusterIps().forEach(ip -> names.put(ip, service.metadata().id()));
    }
    nodes.forEach(
        (name, node) -> {
          for (var family : IpFamily.values()) {
            node.facts().address(family).ifPresent(address -> names.put(address, name));
          }
        });
    workloads.forEach(w -> w.addresses().forEach(a -> names.put(a, w.pod().metadata().id())));
    hosts.forEach((name, kernel) -> addresses(kernel).forEach(a -> names.putIfAbsent(a, name)));
    return names;
  }

  private static List<IpAddress> addresses(Kernel kernel) {
    var found = new ArrayList<IpAddress>();
    for (var link : kernel.links().list()) {
      for (var address : link.addresses()) {
        if (!address.address().isLoopback()) {
          found.add(address.address());
        }
      }
    }
    return found;
  }

  private Optional<Target> target(TraceRequest request) {
    var name = request.destination();
    var literal = IpAddress.parse(name);
    if (literal.isPresent()) {
      return Optional.of(new Target(literal.get(), Optional.empty()));
    }
    var pod =
        workloads.stream()
            .filter(
                w -> w.pod().metadata().id().equals(name) || w.pod().metadata().name().equals(name))
            .findFirst();
    if (pod.isPresent()) {
      return pod.get().addresses().stream()
          .findFirst()
          .map(a -> new Target(a, firstPort(pod.get(), request)));
    }
    var service =
        resources.of(ServiceResource.class).stream()
            .filter(s -> s.metadata().id().equals(name) || s.metadata().name().equals(name))
            .findFirst();
    if (service.isPresent()) {
      return service.get().clusterIps().stream()
          .findFirst()
          .map(a -> new Target(a, service.get().ports().stream().findFirst().map(p -> p.port())));
    }
    var node = nodes.get(name);
    if (node != null) {
      return node.facts()
          .address(IpFamily.IPV4)
          .map(address -> new Target(address, Optional.empty()));
    }
    var host = hosts.get(name);
    return host == null
        ? Optional.empty()
        : addresses(host).stream()
            .filter(a -> a.family() == IpFamily.IPV4)
            .findFirst()
            .map(a -> new Target(a, Optional.empty()));
  }

  private static Optional<Integer> firstPort(Workload workload, TraceRequest request) {
    var wanted =
        switch (request.proto()) {
          case tcp, icmp -> Protocol.TCP;
          case udp -> Protocol.UDP;
          case sctp -> Protocol.SCTP;
        };
    return workload.pod().ports().stream()
        .filter(p -> p.protocol() == wanted)
        .map(p -> p.port())
        .findFirst();
  }
}
