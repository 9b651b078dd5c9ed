package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.calicoctl.BorderedTable;
import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * calicoctl's tables of sessions, as people published them: read, and printed again. A table whose
 * lines are not of one length was edited after it was printed, and says nothing.
 */
class NodeStatusVectorsTest {

  @TestFactory
  Stream<DynamicTest> published() {
    return Vectors.list("node-status", "*.txt").stream()
        .flatMap(
            file -> {
              var tables = tables(lines(file));
              return tables.stream()
                  .map(
                      table ->
                          DynamicTest.dynamicTest(
                              file.getFileName() + "#" + tables.indexOf(table),
                              () ->
                                  assertThat(printed(table))
                                      .isEqualTo(String.join("\n", table) + "\n")));
            });
  }

  private static List<String> lines(java.nio.file.Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<List<String>> tables(List<String> lines) {
    var tables = new ArrayList<List<String>>();
    var table = new ArrayList<String>();
    for (var line : lines) {
      if (line.startsWith("+-") || line.startsWith("| ")) {
        table.add(line);
      } else if (!table.isEmpty()) {
        tables.add(List.copyOf(table));
        table.clear();
      }
    }
    if (!table.isEmpty()) {
      tables.add(List.copyOf(table));
    }
    return tables.stream()
        .filter(t -> t.size() > 3 && t.getLast().startsWith("+"))
        .filter(t -> t.stream().map(String::length).distinct().count() == 1)
        .toList();
  }

  private static String printed(List<String> lines) {
    var table = new BorderedTable(cells(lines.get(1)).toArray(String[]::new));
    var row = new ArrayList<String>();
    for (var line : lines.subList(3, lines.size() - 1)) {
      var cells = cells(line);
      if (cells.getFirst().isEmpty() && !row.isEmpty()) {
        for (int i = 0; i < row.size(); i++) {
          row.set(i, (row.get(i) + " " + cells.get(i)).strip());
        }
        continue;
      }
      if (!row.isEmpty()) {
        table.row(row.toArray(String[]::new));
      }
      row.clear();
      row.addAll(cells);
    }
    if (!row.isEmpty()) {
      table.row(row.toArray(String[]::new));
    }
    return table.print();
  }

  private static List<String> cells(String line) {
    var cells = new ArrayList<String>();
    for (var cell : line.substring(1, line.length() - 1).split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }
}
