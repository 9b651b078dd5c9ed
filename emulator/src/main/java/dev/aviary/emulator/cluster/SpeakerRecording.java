package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.MrtUpdates;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What comes to a speaker, written into an MRT file; or nowhere. */
public final class SpeakerRecording implements AutoCloseable {
  private final Optional<Path> file;
  private final OutputStream out;

  private SpeakerRecording(Optional<Path> file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Into {@code file}, or nowhere.
   *
   * @throws ClusterException if it cannot be written
   */
  public static SpeakerRecording to(Optional<Path> file) throws ClusterException {
    if (file.isEmpty()) {
      return new SpeakerRecording(file, OutputStream.nullOutputStream());
    }
    try {
      return new SpeakerRecording(
          file, new BufferedOutputStream(Files.newOutputStream(file.get())));
    } catch (IOException e) {
      throw ClusterException.environment(
          "cannot write %s: %s".formatted(file.get(), e.getMessage()));
    }
  }

  void follow(BgpSpeaker speaker) {
    if (file.isPresent()) {
      MrtUpdates.record(speaker, out);
    }
  }

  /**
   * Ends the file.
   *
   * @throws ClusterException if what was recorded cannot be written
   */
  @Override
  public void close() throws ClusterException {
    try {
      out.close();
    } catch (IOException e) {
      throw ClusterException.environment("cannot write %s: %s".formatted(file, e.getMessage()));
    }
  }
}
