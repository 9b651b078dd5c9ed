package dev.aviary.emulator.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All resources of a cluster, checked against each other, in the order of the files. */
public record Resources(List<Resource> all) {
  public Resources {
    all = List.copyOf(all);
  }

  /** Those of one kind. */
  public <T extends Resource> List<T> of(Class<T> kind) {
    var found = new ArrayList<T>();
    for (var resource : all) {
      if (kind.isInstance(resource)) {
        found.add(kind.cast(resource));
      }
    }
    return found;
  }

  /** The one of a kind with this name, and namespace ("" for kinds that have none). */
  public <T extends Resource> Optional<T> find(Class<T> kind, String namespace, String name) {
    return of(kind).stream()
        .filter(r -> r.metadata().name().equals(name))
        .filter(r -> r.metadata().namespace().equals(namespace))
        .findFirst();
  }
}
