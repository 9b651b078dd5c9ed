package dev.aviary.it;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A network namespace of the machine's own kernel, made for one script and gone with it. */
final class RealHost {
  private RealHost() {}

  /**
   * What a bash script prints in a new namespace; the test is skipped where there can be none, or
   * where a tool is missing.
   */
  static String run(String script, Path folder, String... tools)
      throws IOException, InterruptedException {
    for (var tool : tools) {
      if (exit("command -v " + tool, folder) != 0) {
        abort("there is no " + tool + " on this machine");
      }
    }
    if (exit("unshare -rmn true", folder) != 0) {
      abort("this machine allows no network namespaces");
    }
    var process =
        new ProcessBuilder("unshare", "-rmn", "bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException("exit code " + code + " of\n" + script + "\n" + text);
    }
    return text;
  }

  private static int exit(String command, Path folder) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("bash", "-c", command + " >/dev/null 2>&1")
            .directory(folder.toFile())
            .start();
    return process.waitFor(1, TimeUnit.MINUTES) ? process.exitValue() : 1;
  }
}
