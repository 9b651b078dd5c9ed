package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlReader.MalformedYamlException;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Validation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;

/** Reads a file that is one mapping and no Calico resource. */
public final class FieldsFile {
  private FieldsFile() {}

  /** What {@code reader} makes of the file's fields, or every mistake in them. */
  public static <T> Validation<Seq<Problem>, T> read(Document file, Function<Fields, T> reader) {
    List<YamlNode> documents;
    try {
      documents = YamlReader.read(file.name(), file.text());
    } catch (MalformedYamlException e) {
      return Validation.invalid(Vector.of(e.problem()));
    }
    if (documents.size() != 1 || !(documents.getFirst() instanceof Mapping mapping)) {
      return Validation.invalid(
          Vector.of(new Problem(file.name(), 0, "", "must be one document, a mapping")));
    }
    var problems = new ArrayList<Problem>();
    var fields = new Fields(file.name(), "", mapping, problems);
    var value = reader.apply(fields);
    fields.done();
    return problems.isEmpty()
        ? Validation.valid(value)
        : Validation.invalid(Vector.ofAll(new LinkedHashSet<>(problems)));
  }
}
