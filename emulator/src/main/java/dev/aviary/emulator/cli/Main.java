package dev.aviary.emulator.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The command line's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] words) {
    var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    boolean terminal = System.console() != null && System.console().isTerminal();
    int code = CommandLines.run(new Console(out, err, terminal), null, List.of(words));
    out.flush();
    System.exit(code);
  }
}
