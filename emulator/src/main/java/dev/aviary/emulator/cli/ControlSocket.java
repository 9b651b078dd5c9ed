package dev.aviary.emulator.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Where a running cluster listens for other terminals: a Unix socket, one per user by default. */
final class ControlSocket {
  private ControlSocket() {}

  /** {@code given}, or $AVIARY_SOCKET, or one in the user's runtime folder. */
  static Path path(Optional<Path> given) {
    if (given.isPresent()) {
      return given.get();
    }
    var named = System.getenv("AVIARY_SOCKET");
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    var runtime = System.getenv("XDG_RUNTIME_DIR");
    return runtime != null && !runtime.isEmpty()
        ? Path.of(runtime, "aviary.sock")
        : Path.of(
            System.getProperty("java.io.tmpdir"),
            "aviary-" + System.getProperty("user.name") + ".sock");
  }
}
