package dev.aviary.bgp.transport;

import dev.aviary.bgp.session.Scheduler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the {@link InProcessTransport}s of one JVM share. One thread: a virtual scheduler's. */
public final class InProcessNetwork {
  private static final int FIRST_EPHEMERAL_PORT = 32768;
  private static final int PORTS = 28232;

  private final Scheduler scheduler;
  private final Path path;
  final Map<InetSocketAddress, Listener> listeners = new HashMap<>();
  private int nextPort;

  /**
   * Who listens somewhere.
   *
   * @param passwords of those who have one, by address; the same map as the transport's
   */
  record Listener(Transport.Acceptor acceptor, Map<InetAddress, String> passwords) {}

  /** How long octets take from one address to another; empty while nothing gets through. */
  @FunctionalInterface
  public interface Path {
    Optional<Duration> delay(InetSocketAddress from, InetSocketAddress to);
  }

  /** Everything arrives at once. */
  public InProcessNetwork(Scheduler scheduler) {
    this(scheduler, (_, _) -> Optional.of(Duration.ZERO));
  }

  public InProcessNetwork(Scheduler scheduler, Path path) {
    this.scheduler = scheduler;
    this.path = path;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Path path() {
    return path;
  }

  int ephemeralPort() {
    return FIRST_EPHEMERAL_PORT + nextPort++ % PORTS;
  }
}
