package dev.aviary.emulator.cli;

import dev.aviary.emulator.resource.Problem;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.resource.ResourceLoader.Loaded;
import dev.aviary.emulator.resource.ResourceLoader.Reading;
import io.vavr.collection.Seq;
import io.vavr.control.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The resources that a verb is given by file. They are read where the verb was typed; what goes to
 * the cluster of another terminal are the texts.
 */
final class GivenResources {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "A manifest, a folder of them, or - for the standard input.")
  private List<String> files = List.of();

  @Option(
      names = {"-R", "--recursive"},
      description = "Into folders of folders too.")
  private boolean recursive;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Of namespaced resources that name none.")
  private Optional<String> namespace = Optional.empty();

  @Option(names = "--strict", description = "A kind that nobody looks at is an error.")
  private boolean strict;

  @Option(names = "--document-name", hidden = true)
  private List<String> names = List.of();

  @Option(names = "--document-text", hidden = true)
  private List<String> texts = List.of();

  boolean byFile() {
    return !files.isEmpty() || !names.isEmpty();
  }

  Optional<String> namespace() {
    return namespace;
  }

  /** What was read; nothing is held against a cluster yet. */
  Validation<Seq<Problem>, Loaded> load() {
    var reading = new Reading(strict, namespace, false);
    if (names.isEmpty()) {
      return ResourceLoader.load(files, recursive, reading);
    }
    var documents = new ArrayList<Document>();
    for (int i = 0; i < names.size(); i++) {
      documents.add(new Document(names.get(i), texts.get(i)));
    }
    return ResourceLoader.parse(documents, reading);
  }

  /** The words that say the same to another process. */
  Validation<Seq<Problem>, List<String>> words() {
    return ResourceLoader.documents(files, recursive)
        .map(
            documents -> {
              var words = new ArrayList<String>();
              namespace.ifPresent(n -> words.addAll(List.of("-n", n)));
              if (strict) {
                words.add("--strict");
              }
              for (var document : documents) {
                words.add("--document-name=" + document.name());
                words.add("--document-text=" + document.text());
              }
              return words;
            });
  }
}
