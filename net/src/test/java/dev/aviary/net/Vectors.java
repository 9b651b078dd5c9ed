package dev.aviary.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The evidence that tests are held against, below the folder that the system property {@code
 * aviary.vectors} names. Cases are found by listing folders, so another folder of the same shape
 * runs other cases. Where the folder is absent, the tests that ask for it are skipped.
 */
public final class Vectors {
  private Vectors() {}

  private static Path root() {
    return Path.of(System.getProperty("aviary.vectors", "../../shared/vectors"));
  }

  /** The file or folder {@code name} below the root; skips the calling test where it is absent. */
  public static Path path(String name) {
    var path = root().resolve(name);
    assumeTrue(Files.exists(path), () -> "no vectors at " + path);
    return path;
  }

  /** True if {@code name} exists below the root. */
  public static boolean exists(String name) {
    return Files.exists(root().resolve(name));
  }

  /** The text of {@code name}; skips the calling test where it is absent. */
  public static String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What lies in {@code folder} and matches {@code glob}, in the order of names; skips the calling
   * test where the folder is absent.
   */
  public static List<Path> list(String folder, String glob) {
    var found = new java.util.ArrayList<Path>();
    try (var files = Files.newDirectoryStream(path(folder), glob)) {
      files.forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return List.copyOf(found);
  }
}
