package dev.aviary.emulator.cli;

import dev.aviary.emulator.resource.Problem;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Loaded;
import dev.aviary.emulator.resource.Resources;
import io.vavr.collection.Seq;
import io.vavr.control.Validation;
import java.util.List;
import java.util.Optional;

/** The manifests of a command line. */
final class ClusterFiles {
  private ClusterFiles() {}

  /** The resources in {@code paths}; empty after every problem was printed, a line each. */
  static Optional<Resources> load(List<String> paths, Console console) {
    return accept(ResourceLoader.load(paths), console);
  }

  /** As {@link #load(List, Console)}; a kind that nobody looks at is an error if {@code strict}. */
  static Optional<Resources> load(List<String> paths, boolean strict, Console console) {
    return accept(
        ResourceLoader.load(
            paths, false, new ResourceLoader.Reading(strict, Optional.empty(), true)),
        console);
  }

  static Optional<Resources> accept(Validation<Seq<Problem>, Loaded> loaded, Console console) {
    if (loaded.isInvalid()) {
      loaded.getError().forEach(problem -> console.err().println("aviary: " + problem));
      return Optional.empty();
    }
    loaded.get().warnings().forEach(warning -> console.err().println("warning: " + warning));
    return Optional.of(loaded.get().resources());
  }
}
