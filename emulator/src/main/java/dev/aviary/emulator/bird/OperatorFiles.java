package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdConfigurationReader.BadConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** Configurations that an operator has written himself: files of this machine. */
final class OperatorFiles {
  private static final Pattern INCLUDE = Pattern.compile("(?m)^\\s*include\\s+\"([^\"]+)\"");

  private OperatorFiles() {}

  /**
   * Puts the text of {@code file}, and of what it includes, into {@code into}.
   *
   * @throws BadConfigurationException if one cannot be read; in the words of BIRD and of the system
   */
  static void read(Path file, Map<String, String> into) throws BadConfigurationException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException _) {
      throw new BadConfigurationException(file + ": No such file or directory");
    } catch (AccessDeniedException _) {
      throw new BadConfigurationException(file + ": Permission denied");
    } catch (IOException _) {
      throw new BadConfigurationException(file + ": Input/output error");
    }
    into.put(file.toString(), text);
    var includes = INCLUDE.matcher(text);
    while (includes.find()) {
      var name = includes.group(1);
      if (!into.containsKey(name)) {
        // A relative name is looked for beside the file that includes it.
        var beside = file.resolveSibling(name);
        read(beside, into);
        into.put(name, into.getOrDefault(beside.toString(), ""));
      }
    }
  }
}
