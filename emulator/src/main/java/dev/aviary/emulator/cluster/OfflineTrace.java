package dev.aviary.emulator.cluster;

import dev.aviary.kernel.CapturedFrame;
import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Outcome;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.PcapNgFile;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.TraceJson;
import dev.aviary.kernel.TraceLog;
import dev.aviary.kernel.TraceText;
import dev.aviary.kernel.dump.DumpException;
import dev.aviary.kernel.dump.DumpKind;
import dev.aviary.kernel.dump.DumpedNetwork;
import dev.aviary.kernel.dump.HostDump;
import dev.aviary.net.IpAddress;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A packet's way through hosts that exist only as dumps of their tables. */
public final class OfflineTrace {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  private OfflineTrace() {}

  /**
   * What becomes of the packet.
   *
   * @param folders one host each, or several whose names lead the files' names, or a folder a host
   * @param capture where to write the frames of the walk
   */
  public static TraceAnswer run(
      List<Path> folders, TraceRequest request, boolean lenient, Optional<Path> capture)
      throws IOException, ClusterException {
    var destination = IpAddress.parse(request.destination());
    if (destination.isEmpty()) {
      return TraceAnswer.refused("'" + request.destination() + "' is no address");
    }
    var network = load(folders, lenient);
    var origin = network.origin(request.source());
    if (origin.isEmpty()) {
      return TraceAnswer.refused("no packet can start at '" + request.source() + "'");
    }
    int port = request.port().orElse(80);
    var plain =
        switch (request.proto()) {
          case tcp -> Probe.tcp(destination.get(), port);
          case udp -> Probe.udp(destination.get(), port);
          case sctp -> Probe.sctp(destination.get(), port);
          case icmp -> Probe.ping(destination.get());
        };
    var probe =
        plain
            .withTtl(request.ttl())
            .withSource(origin.get().source().orElse(null), request.sourcePort().orElse(0));
    network.listen(probe.protocol());
    var log = new TraceLog(network.kernels(), probe.protocol(), CLOCK);
    log.start();
    var walk = PacketWalk.capturing();
    var conversation = Conversation.start(origin.get().kernel(), probe, walk);
    walk.giveUpOnNeighbors();
    log.stop();
    if (capture.isPresent()) {
      write(capture.get(), walk.frames());
    }
    return TraceAnswer.of(report(request, network, walk, conversation.outcome(), log));
  }

  private static TraceReport report(
      TraceRequest request, DumpedNetwork network, PacketWalk walk, Outcome outcome, TraceLog log) {
    var traces = List.copyOf(walk.traces());
    return new TraceReport(
        outcome instanceof Outcome.Answered,
        new TraceText(network.names()).print(request.source(), traces, outcome),
        log.lines(),
        JsonText.print(
            TraceJson.of(
                request.source(), request.destination(), request.proto().name(), traces, outcome)));
  }

  private static void write(Path file, List<CapturedFrame> frames) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      PcapNgFile.write(out, frames);
    }
  }

  private static DumpedNetwork load(List<Path> folders, boolean lenient)
      throws IOException, ClusterException {
    var dumps = new ArrayList<HostDump>();
    for (var folder : folders) {
      dumps.addAll(dumps(folder));
    }
    try {
      return DumpedNetwork.load(
          dumps, name -> new Kernel(name, CLOCK, new Random(name.hashCode())), lenient);
    } catch (DumpException e) {
      throw ClusterException.input(String.valueOf(e.getMessage()));
    }
  }

  private static List<HostDump> dumps(Path folder) throws IOException, ClusterException {
    if (!Files.isDirectory(folder)) {
      throw ClusterException.input(folder + " is not a folder");
    }
    var files = new ArrayList<Path>();
    var dumps = new ArrayList<HostDump>();
    try (var inside = Files.list(folder)) {
      for (var path : inside.sorted().toList()) {
        if (Files.isDirectory(path)) {
          dumps.addAll(dumps(path));
        } else if (DumpKind.of(String.valueOf(path.getFileName())).isPresent()) {
          files.add(path);
        }
      }
    }
    var byHost = new LinkedHashMap<String, List<HostDump.File>>();
    for (var file : files) {
      var host = hostOf(String.valueOf(file.getFileName()));
      var name = host.orElse(String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
      byHost
          .computeIfAbsent(name, _ -> new ArrayList<>())
          .add(new HostDump.File(file.toString(), Files.readString(file)));
    }
    byHost.forEach((name, own) -> dumps.add(new HostDump(name, own)));
    if (dumps.isEmpty()) {
      throw ClusterException.input(
          folder + " holds no dumps: name them ip-addr, ip-route, iptables-save, ipset, …");
    }
    return dumps;
  }

  /** "master" of "master.ip-route.txt". */
  private static Optional<String> hostOf(String fileName) {
    int dot = fileName.indexOf('.');
    if (dot < 1) {
      return Optional.empty();
    }
    var host = fileName.substring(0, dot);
    return DumpKind.of(host).isEmpty() && DumpKind.of(fileName.substring(dot + 1)).isPresent()
        ? Optional.of(host)
        : Optional.empty();
  }
}
