package dev.aviary.emulator.bird;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * One recorded dialog with a real daemon.
 *
 * @param version as the daemon names itself
 * @param banner what it said on its own
 * @param commands in order; some without a reply
 * @param files of its configuration
 */
record Recording(
    String name,
    String version,
    Optional<String> banner,
    List<Command> commands,
    Map<String, String> files) {

  /**
   * One command.
   *
   * @param moment how many commands before it changed the daemon's state
   */
  record Command(int number, String text, Optional<String> reply, int moment) {}

  /** All below {@code root}: a folder for each release, scenario and node. */
  static List<Recording> all(Path root) {
    var found = new ArrayList<Recording>();
    for (var version : folders(root)) {
      for (var scenario : folders(version)) {
        for (var node : folders(scenario)) {
          if (Files.exists(node.resolve("index.json"))) {
            found.add(read(root, version, node));
          }
        }
      }
    }
    return found;
  }

  private static List<Path> folders(Path in) {
    if (!Files.isDirectory(in)) {
      return List.of();
    }
    try (var entries = Files.list(in)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording read(Path root, Path version, Path node) {
    var commands = new ArrayList<Command>();
    var banner = Optional.<String>empty();
    int moment = 0;
    for (var each :
        JsonMapper.shared().readTree(text(node.resolve("index.json"))).get("commands")) {
      var command = each.get("cmd");
      var text = command == null || command.isNull() ? "" : command.asString();
      var file = each.get("file");
      var reply =
          file == null || file.isNull()
              ? Optional.<String>empty()
              : Optional.of(text(node.resolve(file.asString())));
      if (changes(text)) {
        moment++;
      }
      if (command == null || command.isNull()) {
        banner = reply;
      } else {
        commands.add(new Command(each.get("seq").asInt(), text, reply, moment));
      }
    }
    var folder = root.relativize(version).toString();
    return new Recording(
        root.relativize(node).toString(),
        folder.substring(folder.indexOf('-') + 1),
        banner,
        commands,
        files(node));
  }

  /** True for what another state comes after. */
  static boolean changes(String command) {
    var words = List.of(command.strip().split("\\s+", -1));
    return switch (words.getFirst()) {
      case "disable", "enable", "restart", "down", "graceful" -> true;
      case "configure" -> !words.contains("check") && !words.contains("status");
      default -> false;
    };
  }

  private static Map<String, String> files(Path node) {
    var files = new LinkedHashMap<String, String>();
    var folder = node.resolve("config");
    if (Files.isDirectory(folder)) {
      try (var entries = Files.list(folder)) {
        entries.sorted().forEach(file -> files.put(file.getFileName().toString(), text(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
