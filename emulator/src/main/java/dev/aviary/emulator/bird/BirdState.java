package dev.aviary.emulator.bird;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a routing daemon is at this instant, and what an operator can do to it. */
interface BirdState {
  BirdRelease release();

  String routerId();

  /** The host's name; 2.0 says it. */
  String hostname();

  Instant started();

  /** When it last read its configuration. */
  Instant reconfigured();

  /** What it is at: running, reconfiguring, shutting down. */
  Progress progress();

  /** What it is at. */
  enum Progress {
    RUNNING("Daemon is up and running"),
    RECONFIGURING("Reconfiguration in progress"),
    STOPPING("Shutdown in progress");

    private final String text;

    Progress(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** What a restarted daemon waits for. */
  Optional<Recovery> recovery();

  /** How many protocols or channels are to recover, and how long they have. */
  record Recovery(int waiting, BirdTimer timer) {}

  /** In the order of the configuration. */
  List<BirdProtocol> protocols();

  /** In the order of the configuration, the standard ones first. */
  List<BirdTable> tables();

  List<BirdInterface> interfaces();

  /** What it takes, in octets, by 1.6's rows. */
  Memory memory();

  /** What a daemon's parts take, in octets, and what they take beside that. */
  record Memory(List<Part> parts) {
    public Memory {
      parts = List.copyOf(parts);
    }

    /** A row; {@code overhead} is 2.0's. */
    record Part(String name, long effective, long overhead) {}
  }

  /** The routes that static protocols have, by protocol. */
  List<StaticRoute> statics();

  /** A static route as configured. */
  record StaticRoute(String protocol, String prefix, String destination) {}

  /** BFD sessions by protocol; empty if no protocol speaks BFD. */
  List<Bfd> bfd();

  /** A protocol's BFD sessions. */
  record Bfd(String protocol, List<BfdSession> sessions) {
    public Bfd {
      sessions = List.copyOf(sessions);
    }
  }

  /** One BFD session. */
  record BfdSession(
      String address,
      String device,
      String state,
      Instant since,
      Duration interval,
      Duration timeout) {}

  BirdConfiguration configuration();

  /** What came in by a channel, or went out; empty if that is not kept. */
  Optional<BirdTable> adjacent(BirdRouteQuery.Adjacent asked);

  // ---- exports

  /** What a protocol's channel does with one route of a network. */
  Offer offer(String protocol, BirdRoute route);

  /** How a route fares on the way to a protocol. */
  sealed interface Offer {
    /** The protocol itself does not want it. */
    record Refused() implements Offer {}

    /** The filter keeps it back, to which it came as {@code offered}. */
    record Filtered(BirdRoute offered) implements Offer {}

    /** It came to the filter as {@code offered} and is told as {@code route}. */
    record Told(BirdRoute offered, BirdRoute route) implements Offer {}
  }

  /** Which routes of a network a protocol is offered. */
  Selection selection(String protocol);

  /** Which routes of a network are looked at for an export. */
  enum Selection {
    /** The best alone. */
    BEST,
    /** All. */
    ALL,
    /** The best with the gateways of those as good. */
    MERGED
  }

  // ---- what operators do

  /** Stops, starts or restarts a protocol. */
  Control control(Action action, BirdProtocol protocol, String message);

  /** What can be done to a protocol. */
  enum Action {
    DISABLE,
    ENABLE,
    RESTART
  }

  /** What came of it. */
  enum Control {
    DONE,
    ALREADY,
    IMPOSSIBLE
  }

  /** Runs a protocol's filters anew; false if the protocol cannot. */
  boolean reload(BirdProtocol protocol, boolean in, boolean out);

  /** Configurations, by file. */
  BirdReconfiguration reconfiguration();

  /** Stops the daemon. */
  void shutdown();
}
