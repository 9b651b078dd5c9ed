package dev.aviary.kernel;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/**
 * The kernels' own TRACE lines of one conversation: as an engineer would, with a rule at the end of
 * raw's two chains that is taken out again afterwards.
 */
public final class TraceLog {
  private final Map<String, Kernel> kernels;
  private final String match;
  private final InstantSource clock;
  private final Instant start;
  private final StringBuilder lines = new StringBuilder();

  /**
   * A log that is not started yet.
   *
   * @param kernels by the name that stands above their lines
   * @param protocol the protocol that is traced
   */
  public TraceLog(Map<String, Kernel> kernels, int protocol, InstantSource clock) {
    this.kernels = kernels;
    this.clock = clock;
    this.start = clock.instant();
    this.match =
        switch (protocol) {
          case IpProtocol.TCP -> "-p tcp";
          case IpProtocol.UDP -> "-p udp";
          default -> "-p icmp";
        };
  }

  /** Empties the kernels' logs and puts the rules in. */
  public void start() {
    kernels.values().forEach(Kernel::clearLog);
    rules("-A");
  }

  /** Takes the rules out and keeps what was logged. */
  public void stop() {
    rules("-D");
    kernels.forEach(
        (name, kernel) -> {
          if (!kernel.log().isEmpty()) {
            lines.append("== ").append(name).append('\n');
          }
          double seconds = Duration.between(start, clock.instant()).toNanos() / 1e9;
          for (var line : kernel.log()) {
            lines.append(String.format(Locale.ROOT, "[%12.6f] %s\n", seconds, line));
          }
          kernel.clearLog();
        });
  }

  private void rules(String command) {
    var text =
        """
        *raw
        %s PREROUTING %s -j TRACE
        %s OUTPUT %s -j TRACE
        COMMIT
        """
            .formatted(command, match, command, match);
    for (var kernel : kernels.values()) {
      try {
        kernel.iptablesRestore(IpFamily.IPV4, text, true);
      } catch (RestoreException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What was logged, kernel by kernel. */
  public String lines() {
    return lines.toString();
  }
}
