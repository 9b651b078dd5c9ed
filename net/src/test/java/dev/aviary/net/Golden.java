package dev.aviary.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Expected texts below {@code src/test/resources/golden}; rewritten by {@code
 * -Dgolden.update=true}.
 */
public final class Golden {
  private Golden() {}

  /** Fails unless {@code actual} is what the file {@code name} holds. */
  public static void check(String name, String actual) {
    var file =
        Path.of(System.getProperty("golden.root", "src/test/resources/golden")).resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual).as("golden %s", name).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
