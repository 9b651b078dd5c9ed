package dev.aviary.kernel.dump;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the tools printed on one host.
 *
 * @param name what the host is called
 */
public record HostDump(String name, List<File> files) {
  public HostDump {
    files = List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param name as messages name it; its last part says what it holds ({@link DumpKind})
   */
  public record File(String name, String text) {
    String baseName() {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  /**
   * Each file by its kind; those whose names say nothing are left out.
   *
   * @throws DumpException if two files are of one kind
   */
  Map<DumpKind, File> byKind() throws DumpException {
    var found = new EnumMap<DumpKind, File>(DumpKind.class);
    for (var file : files) {
      var kind = DumpKind.of(file.baseName());
      if (kind.isPresent()) {
        var other = found.put(kind.get(), file);
        if (other != null) {
          throw new DumpException(
              file.name(), 0, "holds the same as " + other.name() + ": leave one of them");
        }
      }
    }
    return found;
  }

  /** The names of the files that are not read. */
  public List<String> unread() {
    var names = new ArrayList<String>();
    for (var file : files) {
      Optional<DumpKind> kind = DumpKind.of(file.baseName());
      if (kind.isEmpty()) {
        names.add(file.name());
      }
    }
    return names;
  }
}
