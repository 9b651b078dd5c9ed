package dev.aviary.emulator.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The command line's entry. */
public final class Main {
  private Main() {}

  /**
   * Runs one command line without ending the JVM.
   *
   * @return its exit code
   */
  public static int run(PrintStream out, PrintStream err, List<String> words) {
    return CommandLines.run(new Console(out, err, false), null, words);
  }

  public static void main(String[] words) {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    var err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    int code = CommandLines.run(new Console(out, err, isTerminal()), null, List.of(words));
    out.flush();
    System.exit(code);
  }

  // NullAway holds the JDK to its old contract, where the console could be null.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }
}
