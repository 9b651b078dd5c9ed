package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.SpeakerRecording;
import dev.aviary.emulator.cluster.StandaloneSpeaker;
import dev.aviary.emulator.resource.Problem;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.speaker.SpeakerFile;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code aviary speaker}. */
@Command(
    name = "speaker",
    description =
        "One BGP speaker by itself, until Ctrl-C: as a file says, or a plain router that waits for"
            + " its neighbors, takes and tells every route.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aviary speaker -f speaker.yaml",
      "  aviary speaker -f speaker.yaml --events -o json --record updates.mrt",
      "  aviary speaker --schema > speaker.schema.json",
      "  aviary speaker --listen 127.0.0.1:1790 --router-id 10.0.0.1 --as 65000"
          + " --neighbor 127.0.0.2:65001 --neighbor 127.0.0.3:65002",
    })
final class SpeakerCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "What the speaker is told; --schema prints what may stand in it.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--schema", description = "Prints the JSON Schema of the file, and ends.")
  private boolean schema;

  @Option(names = "--check", description = "Reads the file, says what is wrong, and ends.")
  private boolean check;

  @Option(names = "--events", description = "Prints what happens to sessions, a line each.")
  private boolean events;

  @Option(names = "-o", paramLabel = "json", description = "Events as JSON.")
  private Optional<OutputFormat> output = Optional.empty();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Writes every message that comes as MRT (BGP4MP), which bgpdump reads.")
  private Optional<Path> record = Optional.empty();

  @Option(
      names = "--dump",
      paramLabel = "FILE",
      description = "At the end writes the table as MRT (TABLE_DUMP_V2), which bgpdump reads.")
  private Optional<Path> dump = Optional.empty();

  @Option(names = "--listen", paramLabel = "IP:PORT", description = "Where it listens.")
  private Optional<String> listen = Optional.empty();

  @Option(names = "--router-id", paramLabel = "IP", description = "Its BGP identifier.")
  private Optional<String> routerId = Optional.empty();

  @Option(names = "--as", paramLabel = "AS", description = "Its AS number, 1 to 4294967295.")
  private Optional<Long> as = Optional.empty();

  @Option(
      names = "--neighbor",
      paramLabel = "IP:AS",
      description = "A neighbor that will connect; may be given several times.")
  private List<String> neighbors = List.of();

  SpeakerCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var console = context.console();
    if (schema) {
      console.out().print(SpeakerFile.schema());
      return ExitCodes.OK;
    }
    if (file.isPresent() && (listen.isPresent() || !neighbors.isEmpty())) {
      return usage("-f cannot be used together with --listen and --neighbor");
    }
    SpeakerFile told;
    if (file.isPresent()) {
      var read = read(file.get());
      if (read.isEmpty()) {
        return ExitCodes.INPUT;
      }
      told = read.get();
    } else {
      var plain = plain();
      if (plain.isEmpty()) {
        return ExitCodes.USAGE;
      }
      told = plain.get();
    }
    if (check) {
      console
          .out()
          .println("sound: %d neighbors, %d routes".formatted(told.size(), told.routes().size()));
      return ExitCodes.OK;
    }
    run(told);
    return ExitCodes.INTERRUPTED;
  }

  private void run(SpeakerFile told) throws Exception {
    var out = context.console().out();
    var stopped = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    try (var recording = SpeakerRecording.to(record);
        var speaker = StandaloneSpeaker.start(told, recording)) {
      Shutdown.onInterrupt(asked, stopped);
      if (events) {
        boolean json = output.filter(OutputFormat.json::equals).isPresent();
        speaker.watch(
            json,
            line -> {
              out.println(line);
              out.flush();
            });
      }
      if (!speaker.listening().isEmpty()) {
        out.println("listening at " + speaker.listening());
        out.flush();
      }
      asked.await();
      if (dump.isPresent()) {
        speaker.dump(dump.get());
      }
    } finally {
      stopped.countDown();
    }
  }

  private Optional<SpeakerFile> read(Path path) {
    var err = context.console().err();
    String text;
    try {
      text = Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      err.println("aviary: " + new Problem(path.toString(), 0, "", "cannot be read"));
      return Optional.empty();
    }
    return SpeakerFile.read(new Document(path.toString(), text))
        .fold(
            problems -> {
              problems.forEach(problem -> err.println("aviary: " + problem));
              return Optional.empty();
            },
            Optional::of);
  }

  private int usage(String text) {
    context.console().err().println("aviary: " + text);
    return ExitCodes.USAGE;
  }

  private Optional<SpeakerFile> plain() throws IOException {
    if (listen.isEmpty() || routerId.isEmpty() || as.isEmpty() || neighbors.isEmpty()) {
      usage("-f FILE is required, or --listen, --router-id, --as and --neighbor");
      return Optional.empty();
    }
    int colon = listen.get().lastIndexOf(':');
    var port = listen.get().substring(colon + 1);
    var address =
        IpAddress.parse(listen.get().substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", ""));
    if (address.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      usage("--listen must be IP:PORT, is '" + listen.get() + "'");
      return Optional.empty();
    }
    var identifier = Ipv4Address.parse(routerId.get());
    if (identifier.isEmpty() || identifier.get().isUnspecified()) {
      usage("--router-id must be an IPv4 address, is '" + routerId.get() + "'");
      return Optional.empty();
    }
    if (as.get() < 1 || as.get() > 0xffff_ffffL) {
      usage("--as must be 1 to 4294967295, is " + as.get());
      return Optional.empty();
    }
    var peers = new ArrayList<SpeakerFile.Peer>();
    for (var text : neighbors) {
      var peer = SpeakerFile.Peer.parse(text);
      if (peer.isEmpty()) {
        usage("--neighbor must be IP:AS, is '" + text + "'");
        return Optional.empty();
      }
      peers.add(peer.get());
    }
    var at =
        new InetSocketAddress(
            InetAddress.getByAddress(address.get().octets()), Integer.parseInt(port));
    return Optional.of(SpeakerFile.plain(at, identifier.get(), as.get(), peers));
  }
}
