package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;
import java.util.Optional;

/** A port, TCP's or UDP's, that failsafe rules keep open, to the whole world or to one net. */
public record FailsafePort(Protocol protocol, Optional<Prefix> net, int port) {
  static FailsafePort of(Protocol protocol, int port) {
    return new FailsafePort(protocol, Optional.empty(), port);
  }
}
